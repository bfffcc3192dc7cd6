namespace Dske.Console.Telemetry.Metrics;

/// <summary>How many measurements fell between bounds, slot by slot.</summary>
internal sealed class HistogramSeries(SeriesKey key, double[] bounds) : Series(key)
{
    private readonly long[] _last = new long[bounds.Length + 1];
    private readonly Dictionary<long, long[]> _growth = [];
    private ulong _start;
    private bool _isKnown;

    /// <summary>The upper bounds of all buckets but the last, ascending.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    // As if all slots were in use: a series must not grow beyond what it was let in with.
    public override long Bytes => ((long)bounds.Length + 1) * sizeof(long) * (MetricWindow.Slots + 2) + (MetricWindow.Slots * 64);

    public override bool Accepts(in MetricSample sample) => sample.Kind == MetricKind.Histogram && sample.Bounds!.AsSpan().SequenceEqual(bounds);

    /// <summary>Adds to <paramref name="sum"/>, one for each bucket, what fell into the buckets in a slot.</summary>
    public void AddTo(long[] sum, long slot)
    {
        if (_growth.TryGetValue(slot, out var growth))
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += growth[i];
            }
        }
    }

    protected override void Take(in MetricSample sample, long from, long slot, bool fromZero)
    {
        var buckets = sample.Buckets!;
        var isNew = sample.IsDelta || (_isKnown ? IsRestart(sample) : fromZero);
        long[]? growth = null;
        for (var i = 0; i < buckets.Length; i++)
        {
            var grown = isNew ? buckets[i] : _isKnown ? buckets[i] - _last[i] : 0;
            if (grown > 0)
            {
                growth ??= Reach(slot);
                growth[i] += grown;
            }

            _last[i] = buckets[i];
        }

        (_start, _isKnown) = (sample.StartNanoseconds, true);
    }

    private bool IsRestart(in MetricSample sample)
    {
        if (sample.StartNanoseconds > _start)
        {
            return true;
        }

        for (var i = 0; i < _last.Length; i++)
        {
            if (sample.Buckets![i] < _last[i])
            {
                return true;
            }
        }

        return false;
    }

    private long[] Reach(long slot)
    {
        if (_growth.TryGetValue(slot, out var growth))
        {
            return growth;
        }

        foreach (var old in _growth.Keys.Where(other => other <= slot - MetricWindow.Slots).ToList())
        {
            _growth.Remove(old);
        }

        return _growth[slot] = new long[bounds.Length + 1];
    }
}
