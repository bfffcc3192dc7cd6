using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>A client with its upkeep running, and restarts.</summary>
internal sealed class InMemoryClient : IAsyncDisposable
{
    private readonly InMemoryNetwork _network;
    private CancellationTokenSource _stopping = new();
    private Task _upkeep;
    private bool _isStopped;

    public InMemoryClient(InMemoryNetwork network, ClientSettings settings)
    {
        _network = network;
        Settings = settings;
        Disk = network.MakeClientDisk(settings.Name);
        Engine = CreateEngine();
        _upkeep = Engine.RunAsync(_stopping.Token);
    }

    public ClientSettings Settings { get; }

    public NodeName Name => Settings.Name;

    public ClientEngine Engine { get; private set; }

    /// <summary>What the client keeps its PSRD and its state on.</summary>
    public NodeDisk<IClientStateStore> Disk { get; private set; }

    public Guid Instance => Disk.State.Instance;

    /// <summary>Whether its upkeep runs.</summary>
    public bool IsRunning => !_upkeep.IsCompleted;

    /// <summary>The link to a hub, by the hub's place in the network.</summary>
    public HubLink Link(int hub) => Engine.Links[hub];

    /// <summary>Waits until all links, or those to the given hubs, are registered and full.</summary>
    public Task UntilFullAsync(params int[] hubs) => Eventually.TrueAsync(
        () => Engine.Links.Where(link => hubs.Length == 0 || hubs.Contains(link.Index)).All(
            link => link.Available(PoolOwner.Client) >= Settings.Psrd.RefillBelow && link.Available(PoolOwner.Hub) >= Settings.Psrd.RefillBelow),
        $"all links of {Name} are full");

    /// <summary>Waits until no exchange waits on any hub.</summary>
    public Task UntilQuietAsync() => Eventually.TrueAsync(() => Engine.Links.All(link => link.Waiting == 0), $"no exchange of {Name} waits");

    /// <summary>Makes keys for the client's first encryptor, or another one.</summary>
    public Task<KeyResult> EstablishAsync(string slave, int size = 32, int number = 1, string? master = null) => Engine.EstablishAsync(
        MasterOrFirst(master), SaeId.Parse(slave), number, size, TestContext.Current.CancellationToken);

    /// <summary>Fetches keys for the client's first encryptor, or another one.</summary>
    public Task<KeyResult> FetchAsync(string master, IReadOnlyList<Guid> keyIds, string? slave = null) => Engine.FetchAsync(
        keyIds, SaeId.Parse(master), MasterOrFirst(slave), TestContext.Current.CancellationToken);

    /// <summary>Makes a key and asserts that it is there.</summary>
    public async Task<EstablishedKey> EstablishKeyAsync(string slave, int size = 32) => EstablishedKey.Of(await EstablishAsync(slave, size));

    /// <summary>Fetches a key and asserts that it is there.</summary>
    public async Task<EstablishedKey> FetchKeyAsync(string master, Guid keyId) => EstablishedKey.Of(await FetchAsync(master, [keyId]));

    /// <summary>Stops the client and starts it again. What it keeps in memory only is gone either way.</summary>
    /// <param name="keepState">Whether its disk survives: PSRD and instance. Otherwise it comes back with another instance.</param>
    /// <remarks>After a loss of power it starts with what had become durable by then.</remarks>
    public async Task RestartAsync(bool keepState = false)
    {
        await StopAsync();
        if (keepState)
        {
            Disk.Reopen();
        }
        else
        {
            Disk.Dispose();
            Disk = _network.MakeClientDisk(Name);
        }

        Start();
    }

    /// <summary>Stops the client, puts a copy in the place of its disk, and starts it again.</summary>
    public async Task RestoreAsync(NodeDisk<IClientStateStore> copy)
    {
        await StopAsync();
        Disk.Dispose();
        Disk = copy;
        Start();
    }

    /// <summary>Ends the upkeep and the engine, as a service does when it stops.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _stopping.CancelAsync();
        await _upkeep;
        await Engine.DisposeAsync();
        _stopping.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Disk.Dispose();
    }

    private void Start()
    {
        _stopping = new CancellationTokenSource();
        Engine = CreateEngine();
        _isStopped = false;
        _upkeep = Engine.RunAsync(_stopping.Token);
    }

    private ClientEngine CreateEngine()
    {
        var disk = Disk;
        return new(Settings, disk.Psrd, disk.State, new InMemoryTransport(Name, _network.Hubs, () => disk.IsOn), _network.Entropy, _network.Time);
    }

    private SaeId MasterOrFirst(string? sae) => sae is not null ? SaeId.Parse(sae) : Engine.Encryptors.Count > 0 ? Engine.Encryptors[0] : SaeId.Parse(Name.Value);
}
