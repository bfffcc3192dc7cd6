namespace Dske.Console.Telemetry.Metrics;

/// <summary>How long things took within some time.</summary>
/// <param name="Time">When that time began.</param>
/// <param name="Count">How many there were.</param>
/// <param name="P50">Half of them took no longer, in seconds; null when there were none.</param>
/// <param name="P95">95 of 100 took no longer, in seconds; null when there were none.</param>
/// <param name="P99">99 of 100 took no longer, in seconds; null when there were none.</param>
public readonly record struct LatencyPoint(DateTimeOffset Time, long Count, double? P50, double? P95, double? P99);
