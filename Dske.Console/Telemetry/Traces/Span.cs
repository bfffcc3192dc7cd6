namespace Dske.Console.Telemetry.Traces;

/// <summary>One piece of work of one node, as the node reported it. Texts are cut to what the console keeps.</summary>
/// <remarks>Immutable.</remarks>
public sealed class Span
{
    /// <summary>The trace that it belongs to.</summary>
    public required TraceId TraceId { get; init; }

    /// <summary>Its name within the trace.</summary>
    public required SpanId Id { get; init; }

    /// <summary>The span that caused it; not set for the first one.</summary>
    public SpanId Parent { get; init; }

    /// <summary>What is being done.</summary>
    public required string Name { get; init; }

    /// <summary>The node: its <c>service.name</c>.</summary>
    public required string Node { get; init; }

    /// <summary>The activity source; may be empty.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Which side of a call it is.</summary>
    public SpanKind Kind { get; init; }

    /// <summary>When it began, by its node's clock.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How long it took; zero or more.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How it ended.</summary>
    public SpanStatus Status { get; init; }

    /// <summary>What there is to say about the status; may be empty.</summary>
    public string StatusMessage { get; init; } = "";

    /// <summary>The attributes, as texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>What happened meanwhile.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Attributes and events that the node or the console left off.</summary>
    public int LeftOff { get; init; }

    /// <summary>When it ended, by its node's clock.</summary>
    public DateTimeOffset End => Start + Duration;

    /// <summary>The memory that it takes, in bytes, by estimate.</summary>
    internal long Bytes { get; init; }

    /// <summary>The value of an attribute, or null when there is none of that name.</summary>
    /// <param name="attribute">The name of the attribute.</param>
    public string? Find(string attribute) => Attributes.Find(attribute);
}
