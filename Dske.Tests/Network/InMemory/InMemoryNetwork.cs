using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
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
    private int _disks;

    public InMemoryNetwork(NetworkSettings? settings = null)
    {
        Settings = settings ?? new NetworkSettings();
        Entropy = new SeededEntropySource(Settings.Seed);
        Shape = new NetworkShape(
            [.. Enumerable.Range(0, Settings.Hubs).Select(i => NodeName.Parse(i < Names.Length ? Names[i] : $"hub-{i}"))], Settings.Threshold);
        Hubs = [.. Shape.HubNames.Select(
            (name, index) => new InMemoryHub(name, index, Shape, Time, Entropy, Settings.HubLimits, Audit, () => MakeHubDisk(name)))];
    }

    public NetworkSettings Settings { get; }

    public NetworkShape Shape { get; }

    public VirtualTime Time { get; } = new();

    public IEntropySource Entropy { get; }

    public PsrdAudit Audit { get; } = new();

    public IReadOnlyList<InMemoryHub> Hubs { get; }

    public IReadOnlyList<InMemoryClient> Clients => _clients;

    /// <summary>The step at which the machine of a client, one that is added later, loses power.</summary>
    public Dictionary<NodeName, int> LossOfClientAt { get; } = [];

    /// <summary>Whether the upkeep of a client's link to a hub waits for a message that a fault holds, which time or the test lets go on.</summary>
    public Func<NodeName, int, bool> IsUpkeepHeld { get; set; } = (_, _) => false;

    /// <summary>Makes a network of our own hubs with two clients: carol with sam, celia with serena.</summary>
    public static async Task<(InMemoryNetwork Network, InMemoryClient Carol, InMemoryClient Celia)> StartAsync(NetworkSettings? settings = null)
    {
        var network = new InMemoryNetwork(settings);
        return (network, await network.StartClientAsync("carol", "sam"), await network.StartClientAsync("celia", "serena"));
    }

    /// <summary>Adds a client and lets its upkeep run. It has done what it could by then, unless a hub holds it up.</summary>
    public InMemoryClient AddClient(string name, Dialect foreignDialect, params string[] encryptors) => AddClient(name, foreignDialect, isCouriered: false, encryptors);

    /// <summary>Adds a client that has nothing with the hubs but what couriers bring it.</summary>
    public InMemoryClient AddCourieredClient(string name, params string[] encryptors) => AddClient(name, Dialect.Reference, isCouriered: true, encryptors);

    private InMemoryClient AddClient(string name, Dialect foreignDialect, bool isCouriered, string[] encryptors)
    {
        var client = new InMemoryClient(this, new ClientSettings
        {
            Name = NodeName.Parse(name),
            Encryptors = [.. encryptors.Select(SaeId.Parse)],
            Hubs = [.. Hubs.Select(hub => new HubSettings(hub.Name, foreignDialect, isCouriered))],
            Threshold = Settings.Threshold,
            Psrd = Settings.Psrd,
            Limits = Settings.ClientLimits,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>Adds a client and waits until all its links are full, and nothing more happens without time passing.</summary>
    public async Task<InMemoryClient> StartClientAsync(string name, params string[] encryptors)
    {
        var client = AddClient(name, Dialect.Reference, encryptors);
        await client.UntilFullAsync();
        await UntilAtRestAsync();
        return client;
    }

    /// <summary>Makes an empty disk for a client.</summary>
    public NodeDisk<IClientStateStore> MakeClientDisk(NodeName client)
    {
        if (!Settings.HasDisks)
        {
            return new MemoryDisk<IClientStateStore>(
                Settings.ClientPsrd(new InMemoryPsrdStore(Time)), Settings.ClientState(new InMemoryClientStateStore(Entropy)));
        }

        var machine = new SimulatedMachine<IClientStateStore>(
            NextSeed(), Time, Audit.JournalOf(client), (power, _) => new SimulatedClientState(Entropy.NextUuid(), power));
        machine.Power.LossAt = LossOfClientAt.Remove(client, out var step) ? machine.Power.Steps + step : null;
        return machine;
    }

    /// <summary>Whether all upkeep waits for time to pass.</summary>
    /// <remarks>It needs time-outs that differ from <see cref="ClientLimits.RenewInterval"/>.</remarks>
    public bool IsAtRest()
    {
        // Either a link has nothing to do until its registration is due, which a timer says, or it is known what it waits for.
        var (idle, pausing) = (0, 0);
        foreach (var client in _clients)
        {
            foreach (var link in client.IsRunning ? client.Engine.Links : [])
            {
                if (link.IsPausing)
                {
                    pausing++;
                }
                else if (!IsUpkeepHeld(client.Name, link.Index))
                {
                    if (link.Wished.IsCompleted)
                    {
                        return false;
                    }

                    idle++;
                }
            }
        }

        // A pause whose timer has fired is over, though the link may not have taken note yet.
        return Time.CountTimers(Settings.ClientLimits.RenewInterval) >= idle && Time.CountTimers(IsPause) >= pausing;
    }

    private bool IsPause(TimeSpan duration)
    {
        var (least, most) = (Settings.ClientLimits.MinRetryPause, Settings.ClientLimits.MaxRetryPause);
        return duration == most || duration == least || duration == 2 * least || duration == 4 * least || duration == 8 * least;
    }

    private bool IsAnyPausing() => _clients.Any(client => client.IsRunning && client.Engine.Links.Any(link => link.IsPausing));

    /// <summary>Steps aside until nothing happens any more without time passing, or something is done.</summary>
    public async Task UntilAtRestAsync(Task? orDone = null)
    {
        for (var seen = 0; seen < 10 && orDone is not { IsCompleted: true }; seen++)
        {
            if (!IsAtRest())
            {
                seen = 0;
                await Eventually.TrueAsync(() => IsAtRest() || orDone is { IsCompleted: true }, "the network is at rest");
            }

            await Task.Yield();
        }
    }

    /// <summary>
    /// Waits until something is done, and all exchanges that it began. Time passes only while a link pauses: nothing else needs it.
    /// </summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!IsOver())
        {
            await Eventually.TrueAsync(() => IsOver() || IsAnyPausing(), "an operation ends");
            if (!IsOver())
            {
                await UntilAtRestAsync();
                Time.AdvanceToNext(TimeSpan.FromSeconds(1));
            }
        }

        bool IsOver() => task.IsCompleted && !_clients.Any(client => client.Engine.Links.Any(link => link.Waiting > 0));

        return await task;
    }

    /// <summary>Lets time pass, from one timer to the next, until something is true.</summary>
    /// <param name="condition">The condition, looked at when the network is at rest.</param>
    /// <param name="atMost">How much time may pass.</param>
    /// <returns>False when it did not come true in that time.</returns>
    public async Task<bool> PassUntilAsync(Func<bool> condition, TimeSpan atMost)
    {
        var until = Time.GetUtcNow() + atMost;
        while (true)
        {
            await UntilAtRestAsync();
            if (condition())
            {
                return true;
            }

            if (Time.GetUtcNow() >= until)
            {
                return false;
            }

            Time.AdvanceToNext(until - Time.GetUtcNow());
        }
    }

    /// <summary>Lets time pass in one leap, once all upkeep waits for it: whoever is to notice has begun to wait.</summary>
    public async Task LeapAsync(TimeSpan duration)
    {
        await UntilAtRestAsync();
        Time.Advance(duration);
    }

    /// <summary>Lets time pass, from one timer to the next.</summary>
    public Task PassAsync(TimeSpan duration) => PassUntilAsync(() => false, duration);

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

    private NodeDisk<IHubStateStore> MakeHubDisk(NodeName hub) => Settings.HasDisks
        ? new SimulatedMachine<IHubStateStore>(NextSeed(), Time, Audit.JournalOf(hub), (power, random) => new SimulatedHubState(Entropy.NextUuid(), power, random))
        : new MemoryDisk<IHubStateStore>(new InMemoryPsrdStore(Time), Settings.HubState(new InMemoryHubStateStore(Entropy)));

    private int NextSeed() => (Settings.Seed * 1000) + _disks++;
}
