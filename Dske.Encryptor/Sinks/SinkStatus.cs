using Dske.Encryptor.Establishment;

namespace Dske.Encryptor.Sinks;

/// <summary>How things stand with a sink since the node started. Immutable.</summary>
internal sealed record SinkStatus
{
    /// <summary>Nothing has happened yet.</summary>
    public static readonly SinkStatus None = new();

    /// <summary>The key that was established last; null before the first.</summary>
    public EstablishedKey? Latest { get; init; }

    /// <summary>When that was, as a timestamp of the clock (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long LatestTimestamp { get; init; }

    /// <summary>The key that was handed over last, which the equipment has; null before the first.</summary>
    public EstablishedKey? HandedOver { get; init; }

    /// <summary>When it was handed over.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>The same as a timestamp of the clock.</summary>
    public long HandedOverTimestamp { get; init; }

    /// <summary>When this end will establish the next key; null where that is the other end's business.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many keys were handed over.</summary>
    public long RollOvers { get; init; }

    /// <summary>How many attempts to establish a key or to hand one over failed.</summary>
    public long Failures { get; init; }

    /// <summary>Why the last attempt that failed did; null once a key was handed over since.</summary>
    public string? LastError { get; init; }
}
