namespace Dske.Console.Telemetry.Traces;

/// <summary>A trace in a line.</summary>
/// <remarks>Immutable: a trace that grows gets another one.</remarks>
public sealed record TraceSummary
{
    /// <summary>The trace.</summary>
    public required TraceId Id { get; init; }

    /// <summary>The name of its first span; of the topmost one that is here while the first one is not.</summary>
    public required string Name { get; init; }

    /// <summary>When its earliest span began.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long the first span took. What goes on in the background after it is not counted.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What became of it.</summary>
    public required TraceOutcome Outcome { get; init; }

    /// <summary>The nodes involved, in the order in which they came into it.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>How many spans are here.</summary>
    public required int SpanCount { get; init; }

    /// <summary>How many of them failed.</summary>
    public int ErrorCount { get; init; }

    /// <summary>Whether keys were made or fetched in it.</summary>
    public bool IsEstablishment { get; init; }

    /// <summary>The ID of its key, the first one of several; null when none is known.</summary>
    public string? KeyId { get; init; }

    /// <summary>How many keys were asked for; 0 when that is not known.</summary>
    public int KeyCount { get; init; }

    /// <summary>The encryptor that wants the keys, or its client when it was asked directly; null when neither is known.</summary>
    public string? Initiator { get; init; }

    /// <summary>The encryptor that they are shared with, or its client; null when neither is known.</summary>
    public string? Responder { get; init; }

    /// <summary>Why it failed; null when it did not, or nobody said.</summary>
    public string? Failure { get; init; }
}
