namespace Dske.Console.Network;

/// <summary>A node in a snapshot. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Health">How it is.</param>
public sealed record NodeState(string Name, NodeKind Kind, NodeHealth Health)
{
    /// <summary>How it is asked; null for a hub that someone else runs, which is not.</summary>
    public MonitoredNode? Node { get; init; }

    /// <summary>Why it is not ready or down; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it has been like this.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The clients that suspect it of wrong shares, for a hub; sorted.</summary>
    public IReadOnlyList<string> SuspectedBy { get; init; } = [];

    /// <summary>The encryptors of a client, or those that clients have registered with a hub: SAE IDs.</summary>
    public IReadOnlyList<string> Encryptors { get; init; } = [];

    /// <summary>How many shares wait at a hub to be fetched, up to the 1,000 that it lists.</summary>
    public int SharesWaiting { get; init; }

    /// <summary>How many requests a hub has refused since it started, by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>The secure links of an encryptor, by the peer's name.</summary>
    public IReadOnlyList<SecureLink> SecureLinks { get; init; } = [];

    /// <summary>The key sinks of an encryptor, as it has them.</summary>
    public IReadOnlyList<KeySink> KeySinks { get; init; } = [];

    /// <summary>Whether it is a hub that someone is likely to have made lie.</summary>
    public bool IsSuspect => SuspectedBy.Count > 0;

    /// <summary>How it is, in a word or two.</summary>
    public string Condition => Health switch
    {
        NodeHealth.Ready => "ready",
        NodeHealth.NotReady => "not ready",
        NodeHealth.Down => "down",
        _ => Node is null ? "run by someone else" : "not asked yet",
    };
}
