namespace Dske.Benchmarks.Load;

/// <summary>Percentiles by nearest rank: each is a value that was measured, none lies between two.</summary>
internal static class Percentiles
{
    /// <summary>The least value that at least so many per cent of all values do not exceed.</summary>
    /// <param name="sorted">The values, the least first.</param>
    /// <param name="percent">Above 0, at most 100.</param>
    /// <exception cref="ArgumentException">There are no values.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is out of range.</exception>
    public static TimeSpan Of(ReadOnlySpan<TimeSpan> sorted, decimal percent)
    {
        if (sorted.IsEmpty)
        {
            throw new ArgumentException("Nothing was measured.", nameof(sorted));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100m);

        // In decimals, since 99 / 100 * 100 is not 99 in binary.
        return sorted[(int)decimal.Ceiling(percent * sorted.Length / 100) - 1];
    }
}
