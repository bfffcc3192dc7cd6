using Dske.Console.Telemetry.Traces;

namespace Dske.Console.Telemetry.Logs;

/// <summary>What a node logged. Texts are cut to what the console keeps.</summary>
/// <remarks>Immutable.</remarks>
public sealed class LogRecord
{
    /// <summary>Counts the records that came in, from 1: newer ones have higher numbers. 0 before it is stored.</summary>
    public long Number { get; internal set; }

    /// <summary>When, by its node's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The node: its <c>service.name</c>.</summary>
    public required string Node { get; init; }

    /// <summary>How bad it is.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The category of the logger; may be empty.</summary>
    public string Category { get; init; } = "";

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>The values that the message was made of, and what went along with it, as texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>The trace in which it was logged; not set when there was none.</summary>
    public TraceId TraceId { get; init; }

    /// <summary>The span in which it was logged; not set when there was none.</summary>
    public SpanId SpanId { get; init; }

    /// <summary>The memory that it takes, in bytes, by estimate.</summary>
    internal long Bytes { get; init; }

    /// <summary>The value of an attribute, or null when there is none of that name.</summary>
    /// <param name="attribute">The name of the attribute.</param>
    public string? Find(string attribute) => Attributes.Find(attribute);
}
