namespace Dske.Tests.Network;

/// <summary>How a <see cref="MisbehavingFront"/> treats connections.</summary>
public enum Conduct
{
    /// <summary>Relays everything at once.</summary>
    Proper,

    /// <summary>Accepts connections and requests, and never answers.</summary>
    Hangs,

    /// <summary>Relays requests at once, and of the answers a byte a second.</summary>
    Trickles,

    /// <summary>Resets every connection, at the latest when a request comes.</summary>
    Resets,
}
