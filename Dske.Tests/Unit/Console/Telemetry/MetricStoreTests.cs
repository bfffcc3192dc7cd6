using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class MetricStoreTests
{
    private readonly FakeTimeProvider _time = new(TraceWriter.Noon);
    private readonly MetricStore _store;

    public MetricStoreTests() => _store = Create();

    [Fact]
    public void Counters_become_rates_by_outcome_and_add_up_over_nodes()
    {
        for (var i = 0; i <= 7; i++)
        {
            _store.Add([Keys("carol", 100 + (i * 50)), Keys("celia", i * 25), Keys("carol", i, "unavailable")]);
            _time.Advance(MetricWindow.Resolution);
        }

        var rates = _store.GetKeyRates();

        Assert.Equal(["ok", "unavailable"], rates.Select(rate => rate.Label));
        Assert.Equal(15, rates[0].Current, 9);
        Assert.Equal((7 * 50) + (7 * 25), rates[0].Total, 9);
        Assert.Equal(0.2, rates[1].Current, 9);
        Assert.Equal(10, Assert.Single(_store.GetKeyRates("carol"), rate => rate.Label == "ok").Current, 9);
        Assert.Empty(_store.GetKeyRates("hank"));
    }

    [Fact]
    public void The_first_value_of_a_node_that_has_run_for_long_is_no_rush_of_keys()
    {
        _store.Add([Keys("carol", 1_000_000)]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add([Keys("carol", 1_000_010)]);

        Assert.Equal(10, _store.GetKeyRates()[0].Total);
    }

    [Fact]
    public void A_node_that_was_started_just_now_counts_from_its_start()
    {
        _store.Add([Keys("carol", 5, start: _time.GetUtcNow().AddSeconds(-20))]);

        Assert.Equal(5, _store.GetKeyRates()[0].Total);
    }

    [Fact]
    public void A_series_that_appears_later_at_a_known_node_counts_from_zero()
    {
        _store.Add([Keys("carol", 1000)]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add([Keys("carol", 1000), Keys("carol", 3, "unavailable")]);

        Assert.Equal(3, Assert.Single(_store.GetKeyRates(), rate => rate.Label == "unavailable").Total);
    }

    [Theory]
    [InlineData(4, 0, 14)]
    [InlineData(200, 30, 210)]
    public void A_smaller_value_or_a_later_start_is_that_of_a_node_started_anew(long value, int startedAfter, long total)
    {
        var start = _time.GetUtcNow().AddHours(-1);
        _store.Add([Keys("carol", 100, start: start)]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add([Keys("carol", 110, start: start)]);
        _time.Advance(MetricWindow.Resolution);

        _store.Add([Keys("carol", value, start: start.AddSeconds(startedAfter))]);

        Assert.Equal(total, _store.GetKeyRates()[0].Total);
    }

    [Fact]
    public void What_a_node_reports_once_a_minute_is_spread_over_the_minute()
    {
        _store.Add([Keys("carol", 0)]);
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.Add([Keys("carol", 600)]);
        _time.Advance(MetricWindow.Resolution);

        var points = _store.GetKeyRates()[0].Points.Where(point => point.Value > 0).ToList();

        Assert.Equal(12, points.Count);
        Assert.All(points, point => Assert.Equal(10, point.Value!.Value, 9));
    }

    [Fact]
    public void What_is_older_than_the_window_is_gone_and_what_was_not_reported_is_not_zero()
    {
        _store.Add([Keys("carol", 0)]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add([Keys("carol", 60)]);
        _time.Advance(MetricWindow.Resolution);
        Assert.Null(_store.GetKeyRates()[0].Points[0].Value);
        Assert.Equal(12, _store.GetKeyRates()[0].Points[^1].Value);
        Assert.Equal(MetricWindow.Slots - 1, _store.GetKeyRates()[0].Points.Count);

        _time.Advance(MetricWindow.Length);
        Assert.Equal(0, _store.GetKeyRates()[0].Total);
        _store.Add([Keys("celia", 0)]);

        Assert.Equal(["celia"], _store.Nodes);
        Assert.Equal((1, 1), (_store.Counts.Held, _store.Counts.Dropped));
    }

    [Fact]
    public void Encryptors_count_their_own_keys_and_the_reasons_of_their_failures()
    {
        void Report(double established, double failed) => _store.Add(
        [
            Counter("sam", "dske.encryptor.keys.established", established, ("dske.role", "initiator")),
            Counter("sam", "dske.encryptor.keys.established", 1000 * established, ("dske.role", "responder")),
            Counter("sam", "dske.encryptor.keys.failed", failed, ("dske.role", "initiator"), ("error.type", "KmeUnavailable")),
        ]);
        Report(0, 0);
        _time.Advance(MetricWindow.Resolution);
        Report(6, 2);

        Assert.Equal([("ok", 6.0), ("KmeUnavailable", 2.0)], _store.GetKeyRates("sam").Select(rate => (rate.Label, rate.Total)));
    }

    [Fact]
    public void Percentiles_are_of_what_was_measured_in_the_time_asked_for()
    {
        _store.Add([Duration("carol", 0, 0, 0), Duration("celia", 0, 0, 0)]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add([Duration("carol", 1000, 0, 0)]);
        _time.Advance(TimeSpan.FromMinutes(5));
        _store.Add([Duration("carol", 1000, 50, 0), Duration("celia", 50, 0, 0)]);
        _time.Advance(MetricWindow.Resolution);

        var whole = _store.GetLatency().Overall;
        var lately = _store.GetLatency(window: TimeSpan.FromMinutes(1)).Overall;
        var slow = _store.GetLatency("carol", TimeSpan.FromMinutes(1)).Overall;

        Assert.Equal((1100, 100, 50), (whole.Count, lately.Count, slow.Count));
        Assert.InRange(whole.P95!.Value, 0, 0.1);
        Assert.InRange(lately.P50!.Value, 0.09999, 0.10001);
        Assert.Equal(0.55, slow.P50!.Value, 9);
        Assert.Equal(0.991, slow.P99!.Value, 9);
        var points = _store.GetLatency().Points;
        Assert.Equal(100, points[^1].Count);
        Assert.Equal((0, null), (points[^2].Count, points[^2].P50));
    }

    [Fact]
    public void Where_encryptors_measure_their_exchanges_those_are_the_latency_and_failures_are_not()
    {
        _store.Add([Duration("carol", 0, 0, 0), Histogram("sam", "dske.encryptor.exchange.duration", [0, 0], [1], ("dske.role", "initiator"))]);
        _time.Advance(MetricWindow.Resolution);
        _store.Add(
        [
            Duration("carol", 7, 0, 0),
            Histogram("sam", "dske.encryptor.exchange.duration", [3, 0], [1], ("dske.role", "initiator")),
            Histogram("sam", "dske.encryptor.exchange.duration", [0, 5], [1], ("dske.role", "initiator"), ("error.type", "KmeUnavailable")),
            Histogram("sam", "dske.encryptor.exchange.duration", [0, 5], [1], ("dske.role", "responder")),
        ]);

        Assert.Equal(3, _store.GetLatency().Overall.Count);
        Assert.Equal(7, _store.GetLatency("carol").Overall.Count);
    }

    [Fact]
    public void A_histogram_of_a_node_started_anew_counts_from_zero_again()
    {
        _store.Add([Duration("carol", 10, 10, 0)]);
        _time.Advance(MetricWindow.Resolution);

        _store.Add([Duration("carol", 2, 1, 0)]);

        Assert.Equal(3, _store.GetLatency().Overall.Count);
    }

    [Fact]
    public void PSRD_is_told_by_link_and_owner_with_what_is_spent_and_how_long_it_lasts()
    {
        for (var i = 0; i <= 12; i++)
        {
            _store.Add([Psrd("carol", "hank", "client", 10_000 - (i * 50)), Psrd("carol", "hank", "hub", 500)]);
            _time.Advance(MetricWindow.Resolution);
        }

        var levels = _store.GetPsrd();

        Assert.Equal([("carol", "hank", "client", 9400L), ("carol", "hank", "hub", 500L)], levels.Select(level => (level.Client, level.Hub, level.Owner, level.Bytes)));
        Assert.Equal(10, levels[0].ConsumptionPerSecond, 9);
        Assert.Equal(940, levels[0].TimeLeft!.Value.TotalSeconds, 6);
        Assert.Null(levels[1].TimeLeft);
        Assert.All(levels, level => Assert.False(level.IsStale));
        Assert.Equal(2, _store.GetPsrd("hank").Count);
        Assert.Empty(_store.GetPsrd("helen"));
        var history = _store.GetPsrdHistory(client: "carol");
        Assert.Equal((9900, 10), (history.Levels[^1].Value, history.Consumption[^1].Value));
        Assert.Null(history.Levels[0].Value);
    }

    [Fact]
    public void PSRD_that_is_filled_up_is_not_spent_backwards()
    {
        foreach (var bytes in (double[])[1000, 400, 1000, 900])
        {
            _store.Add([Psrd("carol", "hank", "client", bytes)]);
            _time.Advance(MetricWindow.Resolution);
        }

        Assert.Equal(700 / 60.0, _store.GetPsrd()[0].ConsumptionPerSecond, 9);
    }

    [Fact]
    public void A_link_whose_client_is_silent_is_told_of_by_its_hub_or_else_as_stale()
    {
        _store.Add([Psrd("carol", "hank", "client", 1000), Psrd("carol", "helen", "client", 1000)]);
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.Add([Gauge("hank", "dske.hub.psrd.available", 800, ("dske.hub", "hank"), ("dske.client", "carol"), ("dske.owner", "client"))]);

        var levels = _store.GetPsrd();

        Assert.Equal([("hank", 800L, false), ("helen", 1000L, true)], levels.Select(level => (level.Hub, level.Bytes, level.IsStale)));
    }

    [Fact]
    public void Rejections_are_told_by_reason_the_most_frequent_first()
    {
        void Report(int factor) => _store.Add(
        [
            Counter("hank", "dske.hub.rejected", 2 * factor, ("dske.reason", "signature-invalid")),
            Counter("helen", "dske.hub.rejected", 3 * factor, ("dske.reason", "signature-invalid")),
            Counter("hank", "dske.hub.shares", 1 * factor, ("dske.outcome", "share-unknown"), ("dske.operation", "deliver")),
            Counter("hank", "dske.hub.shares", 100 * factor, ("dske.outcome", "ok"), ("dske.operation", "deliver")),
            Counter("hank", "dske.connections.refused", 2 * factor),
        ]);
        Report(0);
        _time.Advance(MetricWindow.Resolution);
        Report(1);

        Assert.Equal([("signature-invalid", 5.0), ("too-many-connections", 2.0), ("share-unknown", 1.0)], _store.GetRejections().Select(rate => (rate.Label, rate.Total)));
        Assert.Equal(3, Assert.Single(_store.GetRejections("helen")).Total);
    }

    [Fact]
    public void More_series_than_there_is_room_for_are_refused_and_counted_and_those_here_go_on()
    {
        var store = Create(new TelemetryLimits { MaxSeries = 10 });
        Assert.Equal(90, store.Add([.. Enumerable.Range(0, 100).Select(i => Keys("carol", 0, $"outcome{i}"))]));
        _time.Advance(MetricWindow.Resolution);

        Assert.Equal(0, store.Add([Keys("carol", 4, "outcome0")]));

        Assert.Equal((10, 90, 11), (store.Counts.Held, store.Counts.Rejected, store.Counts.Received));
        Assert.Equal(4, store.GetKeyRates()[0].Total);
    }

    [Fact]
    public void Memory_bounds_the_series_as_well_and_is_free_again_when_they_end()
    {
        var store = Create(new TelemetryLimits { MaxSeriesBytes = 100_000 });
        var rejected = store.Add([.. Enumerable.Range(0, 1000).Select(i => Histogram($"carol{i}", "dske.client.key.duration", [0, 0, 0, 0], [1, 2, 3]))]);

        Assert.InRange(rejected, 900, 999);
        Assert.InRange(store.Counts.Bytes, 1, 100_000);
        _time.Advance(2 * MetricWindow.Length);
        store.Add([]);
        Assert.Equal((0, 0), (store.Counts.Held, store.Counts.Bytes));
    }

    [Fact]
    public void What_does_not_continue_a_series_is_refused()
    {
        _store.Add([Keys("carol", 1), Duration("carol", 1, 1, 1)]);

        var rejected = _store.Add(
        [
            Gauge("carol", "dske.client.keys", 1, ("dske.outcome", "ok"), ("dske.role", "master")),
            Keys("carol", -1),
            Histogram("carol", "dske.client.key.duration", [1, 1], [7], ("dske.outcome", "ok"), ("dske.role", "master")),
        ]);

        Assert.Equal(3, rejected);
    }

    [Fact]
    public void A_clock_that_is_set_back_breaks_nothing()
    {
        var time = new FakeTimeProvider(TraceWriter.Noon);
        var back = new SettableTime(time.GetUtcNow());
        var store = new MetricStore(new TelemetryLimits(), back);
        store.Add([Keys("carol", 0), Psrd("carol", "hank", "client", 5), Duration("carol", 1, 1, 1)]);
        back.Now -= TimeSpan.FromHours(2);

        Assert.Equal(0, store.Add([Keys("carol", 7), Psrd("carol", "hank", "client", 3), Duration("carol", 2, 2, 2)]));

        Assert.Equal(3, Assert.Single(store.GetPsrd()).Bytes);
        Assert.NotNull(store.GetLatency());
        Assert.NotNull(store.GetKeyRates());
    }

    private static MetricSample Keys(string client, double value, string outcome = "ok", DateTimeOffset? start = null)
        => Counter(client, "dske.client.keys", value, ("dske.outcome", outcome), ("dske.role", "master")) with
        {
            StartNanoseconds = start is { } time ? (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100 : 0,
        };

    private static MetricSample Psrd(string client, string hub, string owner, double bytes)
        => Gauge(client, "dske.client.psrd.available", bytes, ("dske.client", client), ("dske.hub", hub), ("dske.owner", owner));

    private static MetricSample Duration(string client, params long[] buckets)
        => Histogram(client, "dske.client.key.duration", buckets, [0.1, 1], ("dske.outcome", "ok"), ("dske.role", "master"));

    private static MetricSample Counter(string node, string name, double value, params (string, string)[] attributes)
        => new(Key(node, name, attributes), MetricKind.Counter, false, 0, value, null, null, 100);

    private static MetricSample Gauge(string node, string name, double value, params (string, string)[] attributes)
        => new(Key(node, name, attributes), MetricKind.Gauge, false, 0, value, null, null, 100);

    private static MetricSample Histogram(string node, string name, long[] buckets, double[] bounds, params (string, string)[] attributes)
        => new(Key(node, name, attributes), MetricKind.Histogram, false, 0, 0, bounds, buckets, 100);

    private static SeriesKey Key(string node, string name, (string Name, string Value)[] attributes)
        => new(node, name, [.. attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal).Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value))]);

    private MetricStore Create(TelemetryLimits? limits = null) => new(limits ?? new TelemetryLimits(), _time);

    private sealed class SettableTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
