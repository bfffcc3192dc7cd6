using System.Collections.Concurrent;
using System.Diagnostics;

namespace Dske.Tests.Network;

/// <summary>Collects every span of this process, whoever makes it. Safe for concurrent use.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public SpanCollector()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended.</summary>
    public IReadOnlyCollection<Activity> All => _spans;

    /// <summary>The spans of a trace that have ended.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];

    /// <summary>Waits until the trace holds what is wanted; the last spans end in the background.</summary>
    public async Task<IReadOnlyList<Activity>> UntilAsync(ActivityTraceId trace, Func<IReadOnlyList<Activity>, bool> complete)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!complete(Of(trace)))
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return Of(trace);
    }

    public void Dispose() => _listener.Dispose();
}
