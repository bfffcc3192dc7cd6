namespace Dske.Console.Network;

/// <summary>The relation between a client and a hub, as the client reports it. Immutable.</summary>
/// <param name="Client">The client.</param>
/// <param name="Hub">The hub.</param>
/// <param name="ShareIndex">The index of the share that the hub relays.</param>
public sealed record LinkState(string Client, string Hub, int ShareIndex)
{
    /// <summary>Whether the client is registered with the hub.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>Whether keys can be relayed over it: registered, with random data of either owner, and both ends answer.</summary>
    public bool IsUsable { get; init; }

    /// <summary>Whether the client suspects the hub of wrong shares.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>Whether the client did not report this time: what is here is from before.</summary>
    public bool IsStale { get; init; }

    /// <summary>What is wrong with the link beyond a hub that is away, as a sentence; null when nothing is.</summary>
    public string? Alarm { get; init; }

    /// <summary>How the link is spoken: native, guide or reference; null before the first registration.</summary>
    public string? Dialect { get; init; }

    /// <summary>How many requests wait on the hub.</summary>
    public int Waiting { get; init; }

    /// <summary>The random data that the client allocates from.</summary>
    public PoolLevel ClientOwned { get; init; } = PoolLevel.Empty;

    /// <summary>The random data that the hub allocates from.</summary>
    public PoolLevel HubOwned { get; init; } = PoolLevel.Empty;

    /// <summary>Whether random data was spent since the snapshot before: shares travelled.</summary>
    public bool IsLit => ClientOwned.Spent > 0 || HubOwned.Spent > 0;

    /// <summary>How the link is, in a word.</summary>
    public string Condition => this switch
    {
        { IsStale: true } => "not known",
        { IsRegistered: false } => "not registered",
        { IsUsable: false } => "not usable",
        { IsSuspect: true } => "suspect",
        _ => "usable",
    };
}
