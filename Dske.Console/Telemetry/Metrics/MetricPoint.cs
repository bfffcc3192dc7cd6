namespace Dske.Console.Telemetry.Metrics;

/// <summary>One point of a line.</summary>
/// <param name="Time">When its slot began.</param>
/// <param name="Value">The number; null when nothing was reported.</param>
public readonly record struct MetricPoint(DateTimeOffset Time, double? Value);
