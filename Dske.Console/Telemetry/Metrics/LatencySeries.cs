namespace Dske.Console.Telemetry.Metrics;

/// <summary>How long establishments took that came to their end well.</summary>
/// <param name="Overall">Over the time asked for.</param>
/// <param name="Points">Slot by slot, oldest first; the slot that is not over yet is left out.</param>
public sealed record LatencySeries(LatencyPoint Overall, IReadOnlyList<LatencyPoint> Points);
