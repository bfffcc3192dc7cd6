using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Traces;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class TraceStoreTests
{
    [Fact]
    public void A_full_store_drops_the_trace_that_came_first_and_counts_its_spans()
    {
        var store = Create(new TelemetryLimits { MaxSpans = 5 });
        store.Add([TraceWriter.Span(1, 1), TraceWriter.Span(1, 2, 1)]);
        store.Add([TraceWriter.Span(2, 1), TraceWriter.Span(2, 2, 1)]);
        Assert.Equal(0, store.Counts.Dropped);

        store.Add([TraceWriter.Span(3, 1), TraceWriter.Span(3, 2, 1)]);

        Assert.Null(store.Get(new TraceId(1)));
        Assert.NotNull(store.Get(new TraceId(2)));
        Assert.NotNull(store.Get(new TraceId(3)));
        Assert.Equal((6, 2, 0, 4), (store.Counts.Received, store.Counts.Dropped, store.Counts.Rejected, store.Counts.Held));
    }

    [Fact]
    public void Memory_bounds_the_store_as_well_and_is_free_again_when_traces_go()
    {
        var store = Create(new TelemetryLimits { MaxTraceBytes = 10_000 });

        for (var trace = 1u; trace <= 100; trace++)
        {
            store.Add([TraceWriter.Span(trace, 1, bytes: 2000)]);
            Assert.InRange(store.Counts.Bytes, 2000, 10_000);
        }

        Assert.Equal(3, store.Counts.Held);
        Assert.Equal(97, store.Counts.Dropped);
        store.Clear();
        Assert.Equal((0, 0), (store.Counts.Held, store.Counts.Bytes));
        Assert.Empty(store.Find(new TraceFilter()).Items);
    }

    [Fact]
    public void A_trace_that_never_ends_is_refused_more_room_and_costs_the_others_none()
    {
        var store = Create(new TelemetryLimits { MaxSpansPerTrace = 100, MaxBytesPerTrace = 50_000 });
        store.Add([TraceWriter.Span(1, 1)]);

        var bySpans = store.Add([.. Enumerable.Range(1, 150).Select(id => TraceWriter.Span(2, (ulong)id, bytes: 1))]);
        var byBytes = store.Add([.. Enumerable.Range(1, 10).Select(id => TraceWriter.Span(3, (ulong)id, bytes: 10_000))]);

        Assert.Equal((50, 5), (bySpans, byBytes));
        Assert.Equal(55, store.Counts.Rejected);
        Assert.Equal(0, store.Counts.Dropped);
        Assert.NotNull(store.Get(new TraceId(1)));
    }

    [Fact]
    public void A_span_that_is_larger_than_a_trace_may_be_leaves_nothing_behind()
    {
        var store = Create(new TelemetryLimits { MaxBytesPerTrace = 1000 });

        Assert.Equal(1, store.Add([TraceWriter.Span(1, 1, bytes: 1001)]));

        Assert.Null(store.Get(new TraceId(1)));
        Assert.Equal((0, 0), (store.Counts.Held, store.Counts.Bytes));
    }

    [Fact]
    public void A_span_that_is_sent_twice_is_there_once()
    {
        var store = Create();
        var spans = Enumerable.Range(1, 100).Select(id => TraceWriter.Span(1, (ulong)id)).ToList();

        store.Add(spans);
        Assert.Equal(0, store.Add(spans));

        Assert.Equal(100, store.Counts.Held);
        Assert.Equal(100, store.Get(new TraceId(1))!.Rows.Count);
    }

    [Fact]
    public void Spans_stand_below_what_caused_them_by_their_start()
    {
        var store = Create();
        store.Add([TraceWriter.Span(1, 4, 2, start: 30), TraceWriter.Span(1, 3, 1, start: 20), TraceWriter.Span(1, 2, 1, start: 10), TraceWriter.Span(1, 1)]);

        var rows = store.Get(new TraceId(1))!.Rows;

        Assert.Equal([(1ul, 0, 2), (2ul, 1, 1), (4ul, 2, 0), (3ul, 1, 0)], rows.Select(row => (row.Span.Id.Value, row.Depth, row.Children)));
        Assert.Equal([null, rows[0].Span, rows[1].Span, rows[0].Span], rows.Select(row => row.Parent));
    }

    [Fact]
    public void Parents_that_are_missing_or_go_in_a_circle_leave_no_span_out()
    {
        var store = Create();
        store.Add([TraceWriter.Span(1, 1, 2), TraceWriter.Span(1, 2, 3), TraceWriter.Span(1, 3, 1), TraceWriter.Span(1, 4, 4), TraceWriter.Span(1, 5, 99)]);
        store.Add([.. Enumerable.Range(100, 3000).Select(id => TraceWriter.Span(1, (ulong)id, (ulong)id - 1))]);

        var rows = store.Get(new TraceId(1))!.Rows;

        Assert.Equal(3005, rows.Count);
        Assert.Equal(3005, rows.Select(row => row.Span.Id).Distinct().Count());
        Assert.Equal(2999, rows.Max(row => row.Depth));
    }

    [Fact]
    public void Traces_are_found_by_node_outcome_text_and_kind_newest_first_page_by_page()
    {
        var store = Create();
        store.Add(TraceWriter.Establishment(1, "key-a"));
        store.Add(TraceWriter.Establishment(2, "key-b", helenIsDown: true));
        store.Add(TraceWriter.Establishment(3, "key-c", fails: true));
        store.Add([TraceWriter.Span(4, 1, name: "GET status", node: "conny", start: 5)]);
        store.Add([TraceWriter.Span(5, 2, parent: 1, name: "GET health", node: "hugo", start: 6)]);

        Assert.Equal([5u, 4u, 3u, 2u, 1u], Find(new TraceFilter()));
        Assert.Equal([3u, 2u, 1u], Find(new TraceFilter { EstablishmentsOnly = true }));
        Assert.Equal([4u, 2u, 1u], Find(new TraceFilter { Node = "conny" }));
        Assert.Equal([2u], Find(new TraceFilter { Outcome = TraceOutcome.Degraded }));
        Assert.Equal([3u], Find(new TraceFilter { Outcome = TraceOutcome.Failed }));
        Assert.Equal([5u], Find(new TraceFilter { Outcome = TraceOutcome.Incomplete }));
        Assert.Equal([3u], Find(new TraceFilter { Text = " KEY-C " }));
        Assert.Equal([3u], Find(new TraceFilter { Text = "KmeUnav" }));
        Assert.Equal([4u], Find(new TraceFilter { Text = "get status" }));
        Assert.Equal([4u], Find(new TraceFilter { Text = new TraceId(4).ToString() }));
        Assert.Equal([4u, 3u], Find(new TraceFilter { Skip = 1, Take = 2 }));
        Assert.Equal(5, store.Find(new TraceFilter { Take = 1 }).Total);
        Assert.Empty(Find(new TraceFilter { Node = "nobody" }));
        Assert.Equal(2u, (uint)store.FindByKey("KEY-B")!.Id.Value);
        Assert.Null(store.FindByKey("key-z"));

        IEnumerable<uint> Find(TraceFilter filter) => store.Find(filter).Items.Select(summary => (uint)summary.Id.Value);
    }

    [Fact]
    public void A_trace_that_grows_is_told_anew_and_the_version_says_so()
    {
        var store = Create();
        var spans = TraceWriter.Establishment(1);
        store.Add([.. spans.Skip(1)]);
        Assert.Equal(TraceOutcome.Incomplete, store.Find(new TraceFilter()).Items[0].Outcome);
        var before = store.Version;

        store.Add([spans[0]]);

        Assert.NotEqual(before, store.Version);
        var summary = store.Find(new TraceFilter()).Items[0];
        Assert.Equal((TraceOutcome.Ok, "POST keys", TimeSpan.FromMilliseconds(100)), (summary.Outcome, summary.Name, summary.Duration));
        Assert.Equal(("sam", "sofia", "key-1", 2), (summary.Initiator, summary.Responder, summary.KeyId, summary.KeyCount));
        Assert.Equal(["sam", "carol", "hank", "sofia", "conny"], summary.Nodes);
        Assert.Equal(store.Version, store.Version);
    }

    [Fact]
    public async Task Many_senders_and_readers_at_once_leave_the_counts_right()
    {
        var store = Create(new TelemetryLimits { MaxSpans = 1000 });
        var cancellation = TestContext.Current.CancellationToken;

        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(
            () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    store.Add([.. Enumerable.Range(1, 10).Select(id => TraceWriter.Span((uint)((sender * 1000) + i + 1), (ulong)id))]);
                    store.Find(new TraceFilter { Take = 5 });
                }
            },
            cancellation));
        await Task.WhenAll(senders);

        var counts = store.Counts;
        Assert.Equal(20_000, counts.Received);
        Assert.Equal(counts.Received, counts.Held + counts.Dropped);
        Assert.Equal(1000, counts.Held);
    }

    private static TraceStore Create(TelemetryLimits? limits = null) => new(limits ?? new TelemetryLimits());
}
