namespace Dske.Protocol.Psrd;

/// <summary>Which end of a link allocates from a pool (guide, "Pool ownership"). The other end only takes what it is told.</summary>
public enum PoolOwner
{
    /// <summary>The client allocates: keys and pads of its requests.</summary>
    Client,

    /// <summary>The hub allocates: keys and pads of its answers.</summary>
    Hub,
}
