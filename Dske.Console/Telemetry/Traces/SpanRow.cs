namespace Dske.Console.Telemetry.Traces;

/// <summary>A span where it stands in its trace.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many spans of the trace stand above it; 0 for the first one, and for one whose parent is not here.</param>
/// <param name="Children">How many spans it caused directly.</param>
/// <param name="Parent">The span that caused it; null when there is none, or it is not here.</param>
public sealed record SpanRow(Span Span, int Depth, int Children, Span? Parent);
