using Dske.Console.Metrics;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Metrics;
using Dske.Tests.Unit.Console.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class MetricsReportTests
{
    private readonly FakeTimeProvider _time = new(TraceWriter.Noon);
    private readonly MetricStore _store;

    public MetricsReportTests()
    {
        _store = new MetricStore(new TelemetryLimits(), _time);
        _store.Add(
        [
            Psrd("carol", "hank", PsrdOutlook.Client, 100), Psrd("carol", "hank", PsrdOutlook.Hub, 20), Psrd("carol", "hugo", PsrdOutlook.Client, 3),
            Psrd("celia", "hank", PsrdOutlook.Client, 4000),
        ]);
        _time.Advance(MetricWindow.Resolution);
    }

    [Theory]
    [InlineData(null, 4103.0, 20.0)]
    [InlineData("carol", 103.0, 20.0)]
    [InlineData("hank", 4100.0, 20.0)]
    [InlineData("hugo", 3.0, null)]
    [InlineData("emma", null, null)]
    public void The_random_data_of_a_node_is_that_of_the_links_at_it(string? node, double? clients, double? hubs)
    {
        var report = MetricsReport.Of(_store, node);

        Assert.Equal(clients, report.ClientPsrd.Levels[^1].Value);
        Assert.Equal(hubs, report.HubPsrd.Levels[^1].Value);
        Assert.Equal((clients ?? 0) + (hubs ?? 0), report.Fresh.Sum(level => level.Bytes));
        Assert.Equal(["carol", "celia"], report.Nodes);
    }

    private static MetricSample Psrd(string client, string hub, string owner, double bytes) => new(
        new SeriesKey(client, InstrumentNames.ClientPsrd, [new(InstrumentNames.Hub, hub), new(InstrumentNames.Owner, owner)]),
        MetricKind.Gauge,
        IsDelta: false,
        0,
        bytes,
        null,
        null,
        100);
}
