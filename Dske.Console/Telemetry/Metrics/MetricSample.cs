namespace Dske.Console.Telemetry.Metrics;

/// <summary>One data point as it came in.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsDelta">Whether it tells what came since the last one, rather than all since the start.</param>
/// <param name="StartNanoseconds">When the counting began, by the node's clock in nanoseconds since 1970; 0 when it does not say.</param>
/// <param name="Value">The value of a counter or a gauge.</param>
/// <param name="Bounds">The upper bounds of all buckets of a histogram but the last, ascending.</param>
/// <param name="Buckets">How many fell into each bucket of a histogram: one more than there are bounds.</param>
/// <param name="Bytes">The memory of its key, by estimate.</param>
internal readonly record struct MetricSample(
    SeriesKey Key, MetricKind Kind, bool IsDelta, ulong StartNanoseconds, double Value, double[]? Bounds, long[]? Buckets, long Bytes);
