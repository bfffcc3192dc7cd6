using Dske.Console.Telemetry.Traces;

namespace Dske.Console.Telemetry.Logs;

/// <summary>Which log records are wanted. What is null is not asked about.</summary>
public sealed record LogFilter
{
    /// <summary>The node that logged it.</summary>
    public string? Node { get; init; }

    /// <summary>The least level.</summary>
    public LogLevel MinLevel { get; init; } = LogLevel.Trace;

    /// <summary>A part of the message, the category or the value of an attribute, of either case.</summary>
    public string? Text { get; init; }

    /// <summary>The trace in which it was logged.</summary>
    public TraceId? TraceId { get; init; }

    /// <summary>How many of the newest to leave out; 0 or more.</summary>
    public int Skip { get; init; }

    /// <summary>How many to give at most; 0 or more.</summary>
    public int Take { get; init; } = 100;
}
