namespace Dske.Console.Telemetry.Metrics;

/// <summary>Reads percentiles off a histogram: within a bucket, measurements are taken to be spread evenly.</summary>
internal static class Percentiles
{
    /// <summary>The value below which a part of the measurements lies; null when there are none.</summary>
    /// <param name="bounds">The upper bounds of all buckets but the last, ascending.</param>
    /// <param name="buckets">How many fell into each: one more than there are bounds.</param>
    /// <param name="part">The part, from 0 to 1.</param>
    public static double? Of(IReadOnlyList<double> bounds, IReadOnlyList<long> buckets, double part)
    {
        double total = 0;
        foreach (var count in buckets)
        {
            total += count;
        }

        if (total == 0)
        {
            return null;
        }

        var rank = part * total;
        double below = 0;
        for (var i = 0; i < buckets.Count; i++)
        {
            if (buckets[i] > 0 && below + buckets[i] >= rank)
            {
                // The last bucket has no end: what lies in it is at least its beginning.
                return i == bounds.Count ? (i == 0 ? null : bounds[^1]) : Interpolate(i, (rank - below) / buckets[i]);
            }

            below += buckets[i];
        }

        return bounds.Count == 0 ? null : bounds[^1];

        double Interpolate(int bucket, double within)
        {
            var low = bucket == 0 ? Math.Min(0, bounds[0]) : bounds[bucket - 1];
            return low + ((bounds[bucket] - low) * within);
        }
    }
}
