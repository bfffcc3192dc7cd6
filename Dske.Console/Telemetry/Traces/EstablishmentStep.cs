namespace Dske.Console.Telemetry.Traces;

/// <summary>One rung of the ladder: who asked whom for what, when, and what came of it.</summary>
public sealed record EstablishmentStep
{
    /// <summary>What was asked.</summary>
    public required EstablishmentStepKind Kind { get; init; }

    /// <summary>The node that asked; null when it sends no telemetry.</summary>
    public required string? From { get; init; }

    /// <summary>The node that was asked.</summary>
    public required string To { get; init; }

    /// <summary>When the asking node began.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long the asking node took over it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>When the asked node began its part, by its own clock; null when it reported none.</summary>
    public DateTimeOffset? HandlingStart { get; init; }

    /// <summary>How long the asked node took over its part; null when it reported none.</summary>
    public TimeSpan? HandlingDuration { get; init; }

    /// <summary>With a hub, the index of its shares, from 0; otherwise null.</summary>
    public int? ShareIndex { get; init; }

    /// <summary>With a hub, the bytes of PSRD spent on either side's random data; null when that was not reported.</summary>
    public long? PsrdSpent { get; init; }

    /// <summary>Whether it went well.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>Why it failed; null when it went well.</summary>
    public string? Failure { get; init; }

    /// <summary>The span that says so.</summary>
    public required SpanId SpanId { get; init; }
}
