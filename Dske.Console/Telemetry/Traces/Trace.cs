namespace Dske.Console.Telemetry.Traces;

/// <summary>What is here of a trace.</summary>
/// <param name="Summary">All of it in a line.</param>
/// <param name="Rows">The spans: each after the one that caused it, those of one cause by their start.</param>
public sealed record Trace(TraceSummary Summary, IReadOnlyList<SpanRow> Rows)
{
    /// <summary>Its name.</summary>
    public TraceId Id => Summary.Id;

    /// <summary>When its last span ended; with what went on in the background.</summary>
    public DateTimeOffset End => Rows.Max(row => row.Span.End);
}
