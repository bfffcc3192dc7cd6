namespace Dske.Console.Telemetry.Traces;

/// <summary>Which traces are wanted. What is null is not asked about.</summary>
public sealed record TraceFilter
{
    /// <summary>A node that took part.</summary>
    public string? Node { get; init; }

    /// <summary>What became of it.</summary>
    public TraceOutcome? Outcome { get; init; }

    /// <summary>A part of its name, its ID, its key ID, its failure or a node's name, of either case.</summary>
    public string? Text { get; init; }

    /// <summary>Only those in which keys were made or fetched.</summary>
    public bool EstablishmentsOnly { get; init; }

    /// <summary>How many of the newest to leave out; 0 or more.</summary>
    public int Skip { get; init; }

    /// <summary>How many to give at most; 0 or more.</summary>
    public int Take { get; init; } = 50;
}
