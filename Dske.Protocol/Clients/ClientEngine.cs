using System.Diagnostics.Metrics;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;
using Dske.Protocol.Topology;

namespace Dske.Protocol.Clients;

/// <summary>
/// A client (KME) without its network: it keeps a link to every hub in order, makes keys for its encryptors and fetches those that were
/// made for them. How it reaches the hubs is the transport's business.
/// </summary>
/// <remarks>Safe for concurrent use. <see cref="RunAsync"/> is called once.</remarks>
public sealed partial class ClientEngine : IAsyncDisposable
{
    private readonly ClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly HubLink[] _links;
    private readonly LinkKeeper[] _keepers;
    private readonly CourierImports _imports;
    private readonly ClientMetrics _metrics;
    private readonly BackgroundExchanges _background = new();
    private readonly KeyInitiator _initiator;
    private readonly KeyResponder _responder;
    private readonly HashSet<SaeId> _encryptors;
    private readonly RebuiltKeys _rebuilt;
    private readonly EncryptorDirectory _directory;

    /// <summary>Puts a client together.</summary>
    /// <param name="settings">What makes the client.</param>
    /// <param name="store">Where PSRD is kept.</param>
    /// <param name="state">Where everything else is kept. Its instance tells hubs whether this client's PSRD is lost.</param>
    /// <param name="transport">How the hubs are reached.</param>
    /// <param name="entropy">Where keys and shares come from.</param>
    /// <param name="time">The clock of all time-outs.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The storage failed; the message says which file, and what to do.</exception>
    /// <exception cref="ArgumentException">The settings describe no network: <see cref="NetworkShape"/> says which part.</exception>
    public ClientEngine(
        ClientSettings settings, IPsrdStore store, IClientStateStore state, IHubTransport transport, IEntropySource entropy, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(entropy);
        ArgumentNullException.ThrowIfNull(time);
        _settings = settings;
        _time = time;
        var network = new NetworkShape([.. settings.Hubs.Select(hub => hub.Name)], settings.Threshold);
        var registration = new RegistrationRequest
        {
            ClientName = settings.Name.Value,
            EncryptorNames = [.. settings.Encryptors.Select(encryptor => encryptor.Value)],
        };
        var networkHash = network.ComputeHash();
        _links = [.. settings.Hubs.Select((hub, index) => new HubLink(hub.Name, index, hub.ForeignDialect, settings.Psrd, hub.IsCouriered))];
        _metrics = new ClientMetrics(settings.Name.Value, MeasurePsrd);
        _imports = new CourierImports(store, state);
        _keepers = [.. _links.Select(link => new LinkKeeper(
            link, settings.Name, registration, networkHash, store, state, _imports, transport, settings.Limits, _metrics, time))];
        _encryptors = [.. settings.Encryptors, SaeId.Parse(settings.Name.Value)];
        var scheme = new ShamirScheme(network.HubNames.Count, network.Threshold);
        var exchange = new ShareExchange(transport, settings.Limits, _metrics, time);
        var ledger = new DeliveryLedger(state, settings.Limits.TombstoneTime, time);
        _initiator = new KeyInitiator(settings.Name, scheme, _links, exchange, entropy, settings.Limits, time, _background);
        Reputation = new HubReputation(network.HubNames);
        _metrics.Observe(Reputation);
        _rebuilt = new RebuiltKeys(settings.Limits.RebuiltKeyTime, settings.Limits.MaxRebuiltKeys, KeySizes.MaxBytesPerRequest * 2L, time);
        _directory = new EncryptorDirectory(settings.Name, settings.Threshold, _links, exchange, settings.Limits, time, _background);
        _responder = new KeyResponder(settings.Name, scheme, _links, exchange, ledger, Reputation, settings.Limits, time, _background);
        var gathering = new GatheringLimits(settings.Limits.MessagesPerPair, MaxGathered, settings.Limits.GatheringTime);
        _making = GatherMaking(gathering);
        _collecting = GatherCollecting(gathering);
    }

    /// <summary>The client's name.</summary>
    public NodeName Name => _settings.Name;

    /// <summary>The encryptors attached to it, as configured.</summary>
    public IReadOnlyList<SaeId> Encryptors => _settings.Encryptors;

    /// <summary>The links, in the order of the hubs.</summary>
    public IReadOnlyList<HubLink> Links => _links;

    /// <summary>Which hubs seem to lie.</summary>
    public HubReputation Reputation { get; }

    /// <summary>How many shares rebuild a key.</summary>
    public int Threshold => _settings.Threshold;

    /// <summary>Whether keys can be made now: enough links are registered and have PSRD.</summary>
    public bool IsReady => _links.Count(link => link.IsUsable) >= _settings.Threshold;

    /// <summary>Whether an encryptor belongs to this client; its own name always does.</summary>
    /// <param name="sae">The encryptor.</param>
    public bool Owns(SaeId sae) => _encryptors.Contains(sae);

    /// <summary>
    /// How many encryptors a key may be for besides the first: none when too few hubs are ours, since others relay a key for a single one.
    /// </summary>
    public int MaxAdditionalSlaves => _links.Count(link => link.Session is { IsNative: true }) >= Threshold ? SharePostQuery.MaxAlso : 0;

    /// <summary>
    /// How many keys could be made now, one at a time: what the best threshold links all have PSRD for. Each key takes its own length for the pad and
    /// 32 bytes for the signing key of what is sent to each hub, and 32 bytes for that of its answer.
    /// </summary>
    /// <param name="size">The size of a key, in bytes; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public long CountAvailableKeys(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return _links.Select(link => link.IsUsable ? CountKeys(link, size) : 0).OrderDescending().ElementAt(Threshold - 1);

        static long CountKeys(HubLink link, int size) => Math.Max(0, Math.Min(
            link.Available(PoolOwner.Client) / (size + Authentication.MessageMac.KeySize), link.Available(PoolOwner.Hub) / Authentication.MessageMac.KeySize));
    }

    /// <summary>
    /// Finds out which client has an encryptor: as this client is configured, or as enough hubs agree. Answers of hubs are believed for half a minute.
    /// </summary>
    /// <param name="sae">The encryptor.</param>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public ValueTask<SaeOwner> FindOwnerAsync(SaeId sae, CancellationToken cancellationToken)
        => Owns(sae) ? ValueTask.FromResult(SaeOwner.Of(Name)) : _directory.FindAsync(sae, cancellationToken);

    /// <summary>The clients of the network, by name, with their encryptors, as enough hubs agree; null when they do not.</summary>
    /// <param name="cancellationToken">Nobody wants to know any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public ValueTask<IReadOnlyList<ListedClient>?> ListClientsAsync(CancellationToken cancellationToken) => _directory.ListAsync(cancellationToken);

    /// <summary>Keeps all links in order until cancelled.</summary>
    /// <param name="cancellationToken">Ends it; the task then completes normally.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_keepers.Select(keeper => keeper.RunAsync(cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    /// <summary>Ends what runs in the background and zeroes open windows.</summary>
    public async ValueTask DisposeAsync()
    {
        // An import that was begun ends first: its caller has given it up by now, or it is all but done.
        await _importing.WaitAsync().ConfigureAwait(false);
        _importing.Dispose();
        foreach (var keeper in _keepers)
        {
            keeper.Dispose();
        }

        await _background.DisposeAsync().ConfigureAwait(false);
        _rebuilt.Dispose();
        _metrics.Dispose();
        foreach (var link in _links)
        {
            link.Dispose();
        }
    }

    private void ThrowIfNotOurs(SaeId sae, string parameter)
    {
        if (!Owns(sae))
        {
            throw new ArgumentException($"'{sae}' is no encryptor of {Name}.", parameter);
        }
    }

    private IEnumerable<Measurement<long>> MeasurePsrd()
    {
        foreach (var link in _links)
        {
            if (link.Session is { } session)
            {
                yield return Measure(session.ClientOwned.AvailableBytes, link.Hub, "client");
                yield return Measure(session.HubOwned.AvailableBytes, link.Hub, "hub");
            }
        }

        Measurement<long> Measure(long bytes, NodeName hub, string owner) => new(
            bytes,
            new KeyValuePair<string, object?>("dske.client", Name.Value),
            new KeyValuePair<string, object?>("dske.hub", hub.Value),
            new KeyValuePair<string, object?>("dske.owner", owner));
    }
}
