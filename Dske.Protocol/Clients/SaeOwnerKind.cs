namespace Dske.Protocol.Clients;

/// <summary>What is known about where an encryptor is attached.</summary>
public enum SaeOwnerKind
{
    /// <summary>Enough hubs agree on the client, or it is this one.</summary>
    Known,

    /// <summary>So many hubs say that nobody has the encryptor that no key can reach it.</summary>
    Unknown,

    /// <summary>Too few hubs answered, or they do not agree.</summary>
    Undecided,
}
