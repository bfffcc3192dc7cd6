namespace Dske.Console.Telemetry.Logs;

/// <summary>The last log records. Full, it drops the one that came in first, and counts what it dropped.</summary>
/// <remarks>
/// Safe for concurrent use: one lock, held for one batch or for the copying of references. Records are immutable once stored.
/// </remarks>
public sealed class LogStore
{
    private readonly Lock _lock = new();
    private readonly TelemetryLimits _limits;
    private readonly Queue<LogRecord> _records = new();
    private readonly SortedDictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private long _version;
    private long _received;
    private long _dropped;
    private long _rejected;
    private long _bytes;

    internal LogStore(TelemetryLimits limits) => _limits = limits;

    /// <summary>Grows with everything that changes. Cheap to look at: takes no lock.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What there is, in log records, and what had to go.</summary>
    public StoreCounts Counts
    {
        get
        {
            using (_lock.EnterScope())
            {
                return new StoreCounts(_received, _dropped, _rejected, _records.Count, _bytes, _limits.MaxLogBytes);
            }
        }
    }

    /// <summary>The nodes whose records are here, by name.</summary>
    public IReadOnlyList<string> Nodes
    {
        get
        {
            using (_lock.EnterScope())
            {
                return [.. _nodes.Keys];
            }
        }
    }

    /// <summary>Finds log records, those that came in last first.</summary>
    /// <param name="filter">Which.</param>
    /// <exception cref="ArgumentNullException"><paramref name="filter"/> is null.</exception>
    public Page<LogRecord> Find(LogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        LogRecord[] records;
        using (_lock.EnterScope())
        {
            records = [.. _records];
        }

        var text = string.IsNullOrWhiteSpace(filter.Text) ? null : filter.Text.Trim();
        var items = new List<LogRecord>();
        var total = 0;
        for (var i = records.Length - 1; i >= 0; i--)
        {
            if (Fits(records[i], filter, text) && total++ >= filter.Skip && items.Count < filter.Take)
            {
                items.Add(records[i]);
            }
        }

        return new Page<LogRecord>(items, total);
    }

    /// <summary>Forgets all records; they do not count as dropped.</summary>
    public void Clear()
    {
        using (_lock.EnterScope())
        {
            _records.Clear();
            _nodes.Clear();
            _bytes = 0;
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>Takes records in, which belong to the store from then on.</summary>
    /// <param name="records">The records.</param>
    /// <param name="unusable">How many more there were that could not be read: they count as rejected.</param>
    /// <returns>How many were rejected.</returns>
    internal int Add(IReadOnlyList<LogRecord> records, int unusable = 0)
    {
        using (_lock.EnterScope())
        {
            foreach (var record in records)
            {
                record.Number = ++_received;
                _records.Enqueue(record);
                _nodes[record.Node] = _nodes.GetValueOrDefault(record.Node) + 1;
                _bytes += record.Bytes;
            }

            _rejected += unusable;
            while (_records.Count > _limits.MaxLogRecords || (_bytes > _limits.MaxLogBytes && _records.Count > 1))
            {
                Drop(_records.Dequeue());
            }
        }

        Interlocked.Increment(ref _version);
        return unusable;
    }

    private void Drop(LogRecord record)
    {
        _bytes -= record.Bytes;
        _dropped++;
        if (--_nodes[record.Node] == 0)
        {
            _nodes.Remove(record.Node);
        }
    }

    private static bool Fits(LogRecord record, LogFilter filter, string? text)
        => record.Level >= filter.MinLevel
            && (string.IsNullOrEmpty(filter.Node) || record.Node == filter.Node)
            && (filter.TraceId is not { } trace || record.TraceId == trace)
            && (text is null
                || record.Message.Contains(text, StringComparison.OrdinalIgnoreCase)
                || record.Category.Contains(text, StringComparison.OrdinalIgnoreCase)
                || record.Attributes.Any(attribute => attribute.Value.Contains(text, StringComparison.OrdinalIgnoreCase)));
}
