namespace Dske.Console.Telemetry.Metrics;

/// <summary>The PSRD of one link, or of several together, over the last 15 minutes; oldest first, the slot that is not over yet left out.</summary>
/// <param name="Levels">The bytes left at the end of each slot, on the links that reported then.</param>
/// <param name="Consumption">The bytes spent a second.</param>
public sealed record PsrdHistory(IReadOnlyList<MetricPoint> Levels, IReadOnlyList<MetricPoint> Consumption);
