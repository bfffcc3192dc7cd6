namespace Dske.Benchmarks.Load;

/// <summary>How long exchanges took, in milliseconds.</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Max">None took longer.</param>
internal sealed record LatencySummary(double P50, double P95, double P99, double Max)
{
    /// <summary>Sums up latencies.</summary>
    /// <param name="sorted">At least one, the shortest first.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static LatencySummary Of(ReadOnlySpan<TimeSpan> sorted) =>
        new(Milliseconds(sorted, 50), Milliseconds(sorted, 95), Milliseconds(sorted, 99), Milliseconds(sorted, 100));

    private static double Milliseconds(ReadOnlySpan<TimeSpan> sorted, decimal percent) =>
        LoadReport.Round(Percentiles.Of(sorted, percent).TotalMilliseconds);
}
