namespace Dske.Console.Telemetry.Traces;

/// <summary>A trace in the store, under the store's lock.</summary>
internal sealed class StoredTrace(TraceId id)
{
    /// <summary>What a trace takes besides its spans, its summary included; in bytes, by estimate.</summary>
    public const long Overhead = 640;

    // Below this, looking through the list is quicker than a set, and takes no memory.
    private const int MostToScan = 64;

    private HashSet<SpanId>? _ids;
    private TraceSummary? _summary;

    public TraceId Id { get; } = id;

    public List<Span> Spans { get; } = [];

    public long Bytes { get; private set; }

    /// <summary>The trace in a line. It has at least one span.</summary>
    public TraceSummary Summary => _summary ??= TraceSummarizer.Summarize(Spans);

    public bool Contains(SpanId span) => _ids?.Contains(span) ?? Spans.Exists(other => other.Id == span);

    public void Add(Span span)
    {
        Spans.Add(span);
        Bytes += span.Bytes;
        _summary = null;
        if (_ids is not null)
        {
            _ids.Add(span.Id);
        }
        else if (Spans.Count > MostToScan)
        {
            _ids = [.. Spans.Select(other => other.Id)];
        }
    }
}
