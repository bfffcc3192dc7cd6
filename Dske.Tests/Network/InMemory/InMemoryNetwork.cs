using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// Hubs and clients, the real engines, on one clock that the test moves and over wires that the test may cut, tap and poison. Every
/// message is read along: at the end, no byte of PSRD was named twice.
/// </summary>
/// <remarks>
/// Nothing here happens by itself: as long as the test does not let time pass, time-outs do not fire. Messages travel on the thread
/// of who sends them, unless a fault holds them or yields.
/// </remarks>
internal sealed class InMemoryNetwork : IAsyncDisposable
{
    private static readonly string[] Names = ["hank", "helen", "hilary", "holly", "hugo"];

    private readonly List<InMemoryClient> _clients = [];

    public InMemoryNetwork(NetworkSettings? settings = null)
    {
        Settings = settings ?? new NetworkSettings();
        Entropy = new SeededEntropySource(Settings.Seed);
        Shape = new NetworkShape(
            [.. Enumerable.Range(0, Settings.Hubs).Select(i => NodeName.Parse(i < Names.Length ? Names[i] : $"hub-{i}"))], Settings.Threshold);
        Hubs = [.. Shape.HubNames.Select((name, index) => new InMemoryHub(name, index, Shape, Time, Entropy, Settings.HubLimits, Audit))];
    }

    public NetworkSettings Settings { get; }

    public NetworkShape Shape { get; }

    public VirtualTime Time { get; } = new();

    public IEntropySource Entropy { get; }

    public PsrdAudit Audit { get; } = new();

    public IReadOnlyList<InMemoryHub> Hubs { get; }

    public IReadOnlyList<InMemoryClient> Clients => _clients;

    /// <summary>Makes a network of our own hubs with two clients: carol with sam, celia with serena.</summary>
    public static async Task<(InMemoryNetwork Network, InMemoryClient Carol, InMemoryClient Celia)> StartAsync(NetworkSettings? settings = null)
    {
        var network = new InMemoryNetwork(settings);
        return (network, await network.StartClientAsync("carol", "sam"), await network.StartClientAsync("celia", "serena"));
    }

    /// <summary>Adds a client and lets its upkeep run. It has done what it could by then, unless a hub holds it up.</summary>
    public InMemoryClient AddClient(string name, Dialect foreignDialect, params string[] encryptors)
    {
        var client = new InMemoryClient(this, new ClientSettings
        {
            Name = NodeName.Parse(name),
            Encryptors = [.. encryptors.Select(SaeId.Parse)],
            Hubs = [.. Hubs.Select(hub => new HubSettings(hub.Name, foreignDialect))],
            Threshold = Settings.Threshold,
            Psrd = Settings.Psrd,
            Limits = Settings.ClientLimits,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>Adds a client and waits until all its links are full.</summary>
    public async Task<InMemoryClient> StartClientAsync(string name, params string[] encryptors)
    {
        var client = AddClient(name, Dialect.Reference, encryptors);
        await client.UntilFullAsync();
        return client;
    }

    /// <summary>Puts a fault before several hubs.</summary>
    public void Inject(Fault fault, params IEnumerable<int> hubs)
    {
        foreach (var hub in hubs)
        {
            Hubs[hub].Inject(fault);
        }
    }

    /// <summary>Takes all faults away.</summary>
    public void Heal()
    {
        foreach (var hub in Hubs)
        {
            hub.Heal();
        }
    }

    /// <summary>Stops all nodes and asserts that every byte of PSRD was named once at most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        foreach (var hub in Hubs)
        {
            hub.Dispose();
        }

        Assert.Empty(Audit.Violations);
    }
}
