namespace Dske.Console.Telemetry.Metrics;

/// <summary>How often something happened.</summary>
/// <param name="Label">What: an outcome or a reason.</param>
/// <param name="Current">How often a second, over the last 30 s.</param>
/// <param name="Total">How often in the last 15 minutes.</param>
/// <param name="Points">How often a second, one point for each slot, oldest first; the slot that is not over yet is left out.</param>
public sealed record RateSeries(string Label, double Current, double Total, IReadOnlyList<MetricPoint> Points);
