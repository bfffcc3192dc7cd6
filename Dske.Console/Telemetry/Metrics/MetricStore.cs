namespace Dske.Console.Telemetry.Metrics;

/// <summary>
/// The numbers of the last 15 minutes in slots of 5 s, series by series. What a node reports is of the slot in which it came in, so that no node's
/// clock matters. Full, it refuses more series, and counts what it refused.
/// </summary>
/// <remarks>Safe for concurrent use: one lock, held for one batch or one query.</remarks>
public sealed partial class MetricStore
{
    // A node whose counters began no longer ago than this was started while the console was looking.
    private static readonly TimeSpan JustStarted = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly TelemetryLimits _limits;
    private readonly TimeProvider _time;
    private readonly Dictionary<SeriesKey, Series> _series = [];
    private readonly Dictionary<string, List<Series>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeSlots> _nodes = new(StringComparer.Ordinal);
    private long _version;
    private long _received;
    private long _dropped;
    private long _rejected;
    private long _ignored;
    private long _bytes;
    private long _lastSweep = long.MinValue;

    internal MetricStore(TelemetryLimits limits, TimeProvider time) => (_limits, _time) = (limits, time);

    /// <summary>Grows with everything that comes in. Cheap to look at: takes no lock.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What there is, in series, and what had to go: data points received and rejected, series dropped since they ended 15 minutes ago.</summary>
    public StoreCounts Counts
    {
        get
        {
            using (_lock.EnterScope())
            {
                return new StoreCounts(_received, _dropped, _rejected, _series.Count, _bytes, _limits.MaxSeriesBytes);
            }
        }
    }

    /// <summary>Data points of instruments that the console does not show.</summary>
    public long Ignored => Interlocked.Read(ref _ignored);

    /// <summary>The nodes that reported in the last 15 minutes, by name.</summary>
    public IReadOnlyList<string> Nodes
    {
        get
        {
            using (_lock.EnterScope())
            {
                return [.. _nodes.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Takes data points in.</summary>
    /// <param name="samples">The data points.</param>
    /// <param name="unusable">How many more there were that could not be read: they count as rejected.</param>
    /// <param name="ignored">How many more there were that nobody wants.</param>
    /// <returns>How many were rejected.</returns>
    internal int Add(IReadOnlyList<MetricSample> samples, int unusable = 0, int ignored = 0)
    {
        var rejected = unusable;
        var now = _time.GetUtcNow();
        var slot = MetricWindow.SlotOf(now);
        using (_lock.EnterScope())
        {
            Sweep(slot);
            foreach (var sample in samples)
            {
                rejected += TryAdd(sample, now, slot) ? 0 : 1;
            }

            foreach (var sample in samples)
            {
                Note(sample.Key.Node, slot);
            }

            _received += samples.Count + unusable - rejected;
            _rejected += rejected;
        }

        Interlocked.Add(ref _ignored, ignored);
        Interlocked.Increment(ref _version);
        return rejected;
    }

    private bool TryAdd(in MetricSample sample, DateTimeOffset now, long slot)
    {
        if (_series.TryGetValue(sample.Key, out var series))
        {
            if (!series.Accepts(sample))
            {
                return false;
            }

            series.Add(sample, slot, fromZero: false);
            return true;
        }

        series = sample.Kind switch
        {
            MetricKind.Counter => new CounterSeries(sample.Key),
            MetricKind.Gauge => new GaugeSeries(sample.Key),
            _ => new HistogramSeries(sample.Key, sample.Bounds!),
        };
        var bytes = series.Bytes + sample.Bytes;
        series.Cost = bytes;
        if (!series.Accepts(sample) || _series.Count >= _limits.MaxSeries || _bytes + bytes > _limits.MaxSeriesBytes)
        {
            return false;
        }

        _series.Add(sample.Key, series);
        if (!_byName.TryGetValue(sample.Key.Name, out var same))
        {
            _byName.Add(sample.Key.Name, same = []);
        }

        same.Add(series);
        _bytes += bytes;
        series.Add(sample, slot, IsFromZero(sample, now));
        return true;
    }

    /// <summary>
    /// Whether all that a new counter shows happened while the console was looking: its node reported before, without it, or was started just now.
    /// Otherwise it is the node's past, and would look like a sudden rush.
    /// </summary>
    private bool IsFromZero(in MetricSample sample, DateTimeOffset now)
        => _nodes.ContainsKey(sample.Key.Node)
            || (sample.StartNanoseconds > 0 && (ulong)Math.Max(0, (now - JustStarted - DateTimeOffset.UnixEpoch).Ticks) * 100 <= sample.StartNanoseconds);

    private void Note(string node, long slot)
    {
        if (_nodes.TryGetValue(node, out var known))
        {
            known.Last = slot;
        }
        else if (_nodes.Count < _limits.MaxSeries)
        {
            _nodes.Add(node, new NodeSlots { Last = slot });
        }
    }

    /// <summary>Lets series and nodes go that ended before the time that can be looked at.</summary>
    private void Sweep(long slot)
    {
        if (slot == _lastSweep)
        {
            return;
        }

        _lastSweep = slot;
        foreach (var (key, series) in _series.Where(entry => entry.Value.LastSlot <= slot - MetricWindow.Slots).ToList())
        {
            _series.Remove(key);
            _bytes -= series.Cost;
            _byName[key.Name].Remove(series);
            if (_byName[key.Name].Count == 0)
            {
                _byName.Remove(key.Name);
            }

            _dropped++;
        }

        foreach (var (node, _) in _nodes.Where(entry => entry.Value.Last <= slot - MetricWindow.Slots).ToList())
        {
            _nodes.Remove(node);
        }
    }

    private sealed class NodeSlots
    {
        public long Last { get; set; }
    }
}
