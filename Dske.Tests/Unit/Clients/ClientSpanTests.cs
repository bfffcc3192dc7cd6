using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dske.Protocol.Clients;
using Dske.Tests.Network;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services;

namespace Dske.Tests.Unit.Clients;

/// <summary>What a client reports of itself is enough to draw an establishment from, and to tell how long it took.</summary>
[Trait("Tier", "Unit")]
[Collection(nameof(WholeProcess))]
public sealed class ClientSpanTests
{
    [Fact]
    public async Task The_span_of_a_share_tells_the_PSRD_that_it_took()
    {
        using var spans = new SpanCollector();
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        await carol.UntilFullAsync();
        await celia.UntilFullAsync();
        var (before, beforeFar) = (CountPsrd(carol), CountPsrd(celia));

        var made = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", made.Id);

        // The last hubs may answer when the key is there already.
        await Eventually.TrueAsync(
            () => Spent("dske.share.relay").Count == network.Hubs.Count && Spent("dske.share.collect").Count == network.Hubs.Count,
            "every hub has answered");
        Assert.Equal(Difference(before, CountPsrd(carol)), Spent("dske.share.relay"));
        Assert.Equal(Difference(beforeFar, CountPsrd(celia)), Spent("dske.share.collect"));
        Assert.All(Spent("dske.share.relay").Values, bytes => Assert.True(bytes > 32));

        Dictionary<string, long> Spent(string name) => spans.All
            .Where(span => span.OperationName == name && made.Id.Equals(span.GetTagItem("dske.key.id")))
            .ToDictionary(span => (string)span.GetTagItem("dske.hub")!, span => (long)span.GetTagItem("dske.psrd.spent")!);
    }

    [Fact]
    public async Task The_duration_of_keys_is_measured_in_buckets_of_milliseconds_rather_than_of_seconds()
    {
        var bounds = new ConcurrentBag<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument is Histogram<double> { Name: "dske.client.key.duration", Meter.Name: ClientMetrics.SourceName } histogram)
            {
                foreach (var bound in histogram.Advice?.HistogramBucketBoundaries ?? [])
                {
                    bounds.Add(bound);
                }
            }
        };
        listener.Start();

        var (network, _, _) = await InMemoryNetwork.StartAsync();
        await network.DisposeAsync();

        Assert.Contains(0.005, bounds);
    }

    private static Dictionary<string, long> CountPsrd(InMemoryClient client) => client.Engine.Links.ToDictionary(
        link => link.Hub.Value, link => link.Session!.ClientOwned.AvailableBytes + link.Session.HubOwned.AvailableBytes);

    private static Dictionary<string, long> Difference(Dictionary<string, long> before, Dictionary<string, long> after)
        => before.ToDictionary(entry => entry.Key, entry => entry.Value - after[entry.Key]);
}
