using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dske.Tests.Services.Encryptor;

/// <summary>The spans of one source that have ended, those of other tests in this process included.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    /// <param name="source">The source's name.</param>
    public SpanCollector(string source)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Activity> All => [.. _spans];

    /// <summary>Those of one trace.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];

    public void Dispose() => _listener.Dispose();
}
