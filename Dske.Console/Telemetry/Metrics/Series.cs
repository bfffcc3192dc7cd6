namespace Dske.Console.Telemetry.Metrics;

/// <summary>The numbers of one series, under the store's lock.</summary>
internal abstract class Series(SeriesKey key)
{
    // A node that reports once a minute did not do all of it in the last 5 s.
    private const int MostSlotsToSpread = 12;

    public SeriesKey Key { get; } = key;

    /// <summary>The memory that it takes, in bytes, by estimate.</summary>
    public abstract long Bytes { get; }

    /// <summary>That and the memory of the key, in bytes, by estimate.</summary>
    public long Cost { get; set; }

    /// <summary>The slot of the last data point.</summary>
    public long LastSlot { get; private set; } = long.MinValue;

    /// <summary>Whether a data point continues this series; otherwise it is refused.</summary>
    public abstract bool Accepts(in MetricSample sample);

    /// <summary>Takes a data point in.</summary>
    /// <param name="sample">The data point.</param>
    /// <param name="slot">The slot that it came in.</param>
    /// <param name="fromZero">With the first one: whether the counting began while the console was looking, so that all of it is news.</param>
    public void Add(in MetricSample sample, long slot, bool fromZero)
    {
        var first = LastSlot == long.MinValue ? slot : Math.Clamp(LastSlot + 1, slot - MostSlotsToSpread + 1, slot);
        Take(sample, first, slot, fromZero);
        LastSlot = slot;
    }

    /// <summary>Takes a data point in, whose news are of some slots.</summary>
    protected abstract void Take(in MetricSample sample, long from, long slot, bool fromZero);
}
