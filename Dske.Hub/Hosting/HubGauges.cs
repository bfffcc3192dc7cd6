using System.Diagnostics.Metrics;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;

namespace Dske.Hub.Hosting;

/// <summary>What a hub has at the moment: PSRD by client and owner, and shares that wait.</summary>
internal sealed class HubGauges : IDisposable
{
    private readonly Meter _meter = new(HubDiagnostics.SourceName);
    private readonly HubEngine _hub;

    public HubGauges(HubEngine hub)
    {
        _hub = hub;
        _meter.CreateObservableGauge("dske.hub.psrd.available", MeasurePsrd, "By", "Unused PSRD, by client and owner.");
        _meter.CreateObservableGauge("dske.hub.shares.waiting", () => new Measurement<int>(hub.ShareCount, HubTag), "{share}", "Shares that wait to be fetched.");
    }

    private KeyValuePair<string, object?> HubTag => new("dske.hub", _hub.Name.Value);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> MeasurePsrd()
    {
        foreach (var client in _hub.GetClients())
        {
            yield return Measure(client.HubOwned, client, "hub");
            yield return Measure(client.ClientOwned, client, "client");
        }

        Measurement<long> Measure(IReadOnlyList<BlockStatus> blocks, ClientStatus client, string owner) => new(
            blocks.Sum(block => block.UnusedBytes), HubTag, new("dske.client", client.Name.Value), new("dske.owner", owner));
    }
}
