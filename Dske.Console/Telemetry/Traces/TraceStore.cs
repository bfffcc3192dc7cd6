namespace Dske.Console.Telemetry.Traces;

/// <summary>The traces of the last while. Full, it drops the one that began to arrive first, and counts what it dropped.</summary>
/// <remarks>
/// Safe for concurrent use: one lock, held for one batch or one query. Spans are immutable and made outside of it.
/// </remarks>
public sealed class TraceStore
{
    private readonly Lock _lock = new();
    private readonly TelemetryLimits _limits;
    private readonly Dictionary<TraceId, StoredTrace> _traces = [];
    private readonly LinkedList<StoredTrace> _byArrival = [];
    private long _version;
    private long _received;
    private long _dropped;
    private long _rejected;
    private int _held;
    private long _bytes;

    internal TraceStore(TelemetryLimits limits) => _limits = limits;

    /// <summary>Grows with everything that changes. Cheap to look at: takes no lock.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What there is, in spans, and what had to go.</summary>
    public StoreCounts Counts
    {
        get
        {
            using (_lock.EnterScope())
            {
                return new StoreCounts(_received, _dropped, _rejected, _held, _bytes, _limits.MaxTraceBytes);
            }
        }
    }

    /// <summary>Finds traces, those that began last first.</summary>
    /// <param name="filter">Which.</param>
    /// <exception cref="ArgumentNullException"><paramref name="filter"/> is null.</exception>
    public Page<TraceSummary> Find(TraceFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = Summarize(summary => TraceMatch.Fits(summary, filter));
        found.Sort(static (one, other) => other.Start != one.Start ? other.Start.CompareTo(one.Start) : other.Id.Value.CompareTo(one.Id.Value));
        return new Page<TraceSummary>([.. found.Skip(Math.Max(0, filter.Skip)).Take(Math.Max(0, filter.Take))], found.Count);
    }

    /// <summary>Finds the newest trace that made or fetched a key.</summary>
    /// <param name="keyId">The ID of the key, the first one where several were asked for together, of either case.</param>
    /// <returns>The trace; null when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyId"/> is null.</exception>
    public TraceSummary? FindByKey(string keyId)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        return Summarize(summary => keyId.Equals(summary.KeyId, StringComparison.OrdinalIgnoreCase)).MaxBy(summary => summary.Start);
    }

    /// <summary>Gives a trace with all spans that are here.</summary>
    /// <param name="id">The trace.</param>
    /// <returns>The trace; null when it is not here, or not any more.</returns>
    public Trace? Get(TraceId id)
    {
        Span[] spans;
        TraceSummary summary;
        using (_lock.EnterScope())
        {
            if (!_traces.TryGetValue(id, out var stored))
            {
                return null;
            }

            (spans, summary) = ([.. stored.Spans], stored.Summary);
        }

        return new Trace(summary, SpanTree.Order(spans));
    }

    /// <summary>Gives a trace as an establishment of keys.</summary>
    /// <param name="id">The trace.</param>
    /// <returns>The establishment; null when the trace is not here, or is something else.</returns>
    public EstablishmentView? GetEstablishment(TraceId id)
        => Get(id) is { Summary.IsEstablishment: true } trace ? EstablishmentReader.Read(trace) : null;

    /// <summary>Forgets all traces; they do not count as dropped.</summary>
    public void Clear()
    {
        using (_lock.EnterScope())
        {
            _traces.Clear();
            _byArrival.Clear();
            (_held, _bytes) = (0, 0);
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>Takes spans in. One that is here already is taken as sent twice.</summary>
    /// <param name="spans">The spans, of any traces and in any order.</param>
    /// <param name="unusable">How many more there were that could not be read: they count as rejected.</param>
    /// <returns>How many were rejected.</returns>
    internal int Add(IReadOnlyList<Span> spans, int unusable = 0)
    {
        var rejected = unusable;
        using (_lock.EnterScope())
        {
            foreach (var span in spans)
            {
                rejected += TryAdd(span) ? 0 : 1;
            }

            _received += spans.Count + unusable - rejected;
            _rejected += rejected;
        }

        Interlocked.Increment(ref _version);
        return rejected;
    }

    private bool TryAdd(Span span)
    {
        // No trace is here without a span.
        if (span.Bytes > _limits.MaxBytesPerTrace)
        {
            return false;
        }

        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            trace = new StoredTrace(span.TraceId);
            _traces.Add(span.TraceId, trace);
            _byArrival.AddLast(trace);
            _bytes += StoredTrace.Overhead;
        }

        if (trace.Contains(span.Id))
        {
            return true;
        }

        if (trace.Spans.Count >= _limits.MaxSpansPerTrace || trace.Bytes + span.Bytes > _limits.MaxBytesPerTrace)
        {
            return false;
        }

        trace.Add(span);
        _held++;
        _bytes += span.Bytes;

        // The newest trace stays, or one that is larger than all the room would leave nothing to look at.
        while ((_held > _limits.MaxSpans || _bytes > _limits.MaxTraceBytes) && _byArrival.First is { Value: var oldest } && _byArrival.Count > 1)
        {
            _byArrival.RemoveFirst();
            _traces.Remove(oldest.Id);
            _held -= oldest.Spans.Count;
            _bytes -= oldest.Bytes + StoredTrace.Overhead;
            _dropped += oldest.Spans.Count;
        }

        return true;
    }

    private List<TraceSummary> Summarize(Func<TraceSummary, bool> isWanted)
    {
        var found = new List<TraceSummary>();
        using (_lock.EnterScope())
        {
            foreach (var trace in _byArrival)
            {
                if (trace.Spans.Count > 0 && isWanted(trace.Summary))
                {
                    found.Add(trace.Summary);
                }
            }
        }

        return found;
    }
}
