namespace Dske.Console.Telemetry.Traces;

/// <summary>Something that happened at one moment of a span, an exception for instance.</summary>
/// <param name="Time">When.</param>
/// <param name="Name">What.</param>
/// <param name="Attributes">More about it.</param>
public sealed record SpanEvent(DateTimeOffset Time, string Name, IReadOnlyList<KeyValuePair<string, string>> Attributes);
