using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>One hub of a network of five, on a clock that the test moves.</summary>
internal sealed class HubFixture : IDisposable
{
    private static readonly Dictionary<string, long> EmptyCounts = [];

    private readonly InMemoryPsrdStore _store;
    private readonly InMemoryHubStateStore _state;
    private readonly List<HubPeer> _peers = [];

    public HubFixture(HubLimits? limits = null)
    {
        _store = new InMemoryPsrdStore(Time);
        _state = new InMemoryHubStateStore(Entropy);
        Limits = limits ?? new HubLimits { HoldTime = TimeSpan.Zero };
        Hub = new HubEngine(NodeName.Parse("hilary"), Network, _store, _state, Entropy, Time, Limits);
    }

    public static NetworkShape Network { get; } = new([.. new[] { "hank", "helen", "hilary", "holly", "hugo" }.Select(NodeName.Parse)], 3);

    public VirtualTime Time { get; } = new();

    public IEntropySource Entropy { get; } = new SeededEntropySource(11);

    public HubLimits Limits { get; }

    public HubEngine Hub { get; }

    /// <summary>Adds a client of ours that is registered and has PSRD.</summary>
    public HubPeer Enrol(string name, params string[] encryptors) => Enrol(name, null, encryptors);

    /// <summary>Adds a client, of another implementation perhaps, that is registered and has PSRD.</summary>
    public HubPeer Enrol(string name, Dialect? foreign, params string[] encryptors)
    {
        var peer = HubPeer.Enrol(Hub, name, foreign, encryptors);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Everything of the hub that management shows: what a refused request must not change.</summary>
    public string Snapshot() => System.Text.Json.JsonSerializer.Serialize(
        Protocol.Management.HubReport.Of(Hub) with { Rejected = EmptyCounts }, Protocol.Management.ManagementJsonContext.Default.HubReport);

    public void Dispose()
    {
        _peers.ForEach(peer => peer.Dispose());
        Hub.Dispose();
        _store.Dispose();
        _state.Dispose();
    }
}
