using System.Diagnostics.Metrics;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
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
    // More keys at a time gain nothing on few cores, and fewer would leave them idle while hubs answer.
    private const int KeysAtATime = 8;

    // Large ones fewer: messages overtake each other, and neither end takes what lies too far ahead.
    private const long KeyBytesAtATime = PeerPool.MaxJump / 2;

    private readonly ClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly HubLink[] _links;
    private readonly LinkKeeper[] _keepers;
    private readonly ClientMetrics _metrics;
    private readonly BackgroundExchanges _background = new();
    private readonly KeyInitiator _initiator;
    private readonly KeyResponder _responder;
    private readonly HashSet<SaeId> _encryptors;

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
        _links = [.. settings.Hubs.Select((hub, index) => new HubLink(hub.Name, index, hub.ForeignDialect, settings.Psrd))];
        _metrics = new ClientMetrics(settings.Name.Value, MeasurePsrd);
        _keepers = [.. _links.Select(link => new LinkKeeper(
            link, settings.Name, registration, networkHash, store, state, transport, settings.Limits, _metrics, time))];
        _encryptors = [.. settings.Encryptors, SaeId.Parse(settings.Name.Value)];
        var scheme = new ShamirScheme(network.HubNames.Count, network.Threshold);
        var exchange = new ShareExchange(transport, settings.Limits, _metrics, time);
        var ledger = new DeliveryLedger(state, settings.Limits.TombstoneTime, time);
        _initiator = new KeyInitiator(settings.Name, scheme, _links, exchange, entropy, settings.Limits, time, _background);
        Reputation = new HubReputation(network.HubNames);
        _metrics.Observe(Reputation);
        _responder = new KeyResponder(settings.Name, scheme, _links, exchange, ledger, Reputation, settings.Limits, time, _background);
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
    /// How many keys could be made now: what the best threshold links all have PSRD for. Each key takes its own length for the pad and
    /// 32 bytes for the signing key, at each hub.
    /// </summary>
    /// <param name="size">The size of a key, in bytes; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    public long CountAvailableKeys(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var available = _links.Select(link => link.IsUsable ? link.Session!.ClientOwned.SpendableBytes : 0).OrderDescending().ElementAt(Threshold - 1);
        return available / (size + Authentication.MessageMac.KeySize);
    }

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

    /// <summary>Makes keys for one of this client's encryptors.</summary>
    /// <param name="master">The encryptor that asks.</param>
    /// <param name="slave">The encryptor that may fetch the keys at its own client.</param>
    /// <param name="number">How many keys; at least 1.</param>
    /// <param name="size">The size of each, in bytes: <see cref="KeySizes.MinBytes"/> to <see cref="KeySizes.MaxBytes"/>.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="master"/> is no encryptor of this client.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> or <paramref name="size"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyResult> EstablishAsync(SaeId master, SaeId slave, int number, int size, CancellationToken cancellationToken)
    {
        ThrowIfNotOurs(master, nameof(master));
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, KeySizes.MinBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, KeySizes.MaxBytes);
        return await MeasureAsync("master", number, size, (_, token) => _initiator.EstablishAsync(master, slave, size, token), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Fetches keys that were made for one of this client's encryptors: all or none. Each encryptor gets a key once; when one of several
    /// cannot be had, the others can still be asked for.
    /// </summary>
    /// <param name="keyIds">The keys; at least one, each once.</param>
    /// <param name="master">The encryptor that made them.</param>
    /// <param name="slave">The encryptor that asks.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    /// <returns>The keys in the order asked for, which the caller disposes, or why there are none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyIds"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="slave"/> is no encryptor of this client, or <paramref name="keyIds"/> is empty or names a key twice.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<KeyResult> FetchAsync(IReadOnlyList<Guid> keyIds, SaeId master, SaeId slave, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyIds);
        ThrowIfNotOurs(slave, nameof(slave));
        if (keyIds.Count == 0 || keyIds.Distinct().Count() != keyIds.Count)
        {
            throw new ArgumentException("Name at least one key, and each once.", nameof(keyIds));
        }

        if (keyIds.Any(keyId => _responder.WasDelivered(keyId, slave)))
        {
            return new KeyResult(KeyOutcome.NotFound, null);
        }

        var room = KeySizes.MaxBytesPerRequest;
        var result = await MeasureAsync("slave", keyIds.Count, null, CollectAsync, cancellationToken).ConfigureAwait(false);
        return result.Keys is { } keys ? await DeliverAsync(keys, slave, cancellationToken).ConfigureAwait(false) : result;

        // Only the shares tell how large a key is.
        async Task<(KeyOutcome Outcome, DeliveredKey? Key)> CollectAsync(int index, CancellationToken token)
        {
            var (outcome, key) = await _responder.CollectAsync(keyIds[index], master, slave, token).ConfigureAwait(false);
            if (key is null || Interlocked.Add(ref room, -key.Key.Length) >= 0)
            {
                return (outcome, key);
            }

            key.Dispose();
            return (KeyOutcome.TooLarge, null);
        }
    }

    /// <summary>Ends what runs in the background and zeroes open windows.</summary>
    public async ValueTask DisposeAsync()
    {
        await _background.DisposeAsync().ConfigureAwait(false);
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

    private async Task<KeyResult> DeliverAsync(KeyContainer keys, SaeId slave, CancellationToken cancellationToken)
    {
        var outcome = KeyOutcome.Unavailable;
        try
        {
            // Whoever is gone by now can ask again; from here on the key is spent.
            cancellationToken.ThrowIfCancellationRequested();
            outcome = await _responder.TryDeliverAsync(keys.Keys, slave).AsTask()
                .WaitAsync(_settings.Limits.EstablishTimeout, _time, CancellationToken.None).ConfigureAwait(false) ? KeyOutcome.Ok : KeyOutcome.NotFound;
        }
        catch (Exception fault) when (fault is IOException or TimeoutException)
        {
            // What is not known to be delivered for good must not be delivered: another try may fare better.
            _metrics.ReportFault(hub: null, fault);
        }
        finally
        {
            if (outcome != KeyOutcome.Ok)
            {
                keys.Dispose();
            }
        }

        return new KeyResult(outcome, outcome == KeyOutcome.Ok ? keys : null);
    }

    /// <summary>Handles several keys, some at a time: all or nothing, whatever goes wrong.</summary>
    /// <param name="role">For the metrics.</param>
    /// <param name="number">How many keys.</param>
    /// <param name="size">The size of each, in bytes; null when the first one will tell.</param>
    /// <param name="handle">Handles one of them.</param>
    /// <param name="cancellationToken">The encryptor is gone.</param>
    private async Task<KeyResult> MeasureAsync(
        string role, int number, int? size, Func<int, CancellationToken, Task<(KeyOutcome Outcome, DeliveredKey? Key)>> handle, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var keys = new DeliveredKey?[number];
        var failure = KeyOutcome.Ok;
        var complete = false;
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var begun = 0;
            if (size is null)
            {
                await HandleAsync(begun++, abandon.Token).ConfigureAwait(false);
            }

            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = (int)Math.Clamp(KeyBytesAtATime / (size ?? keys[0]?.Key.Length ?? 1), 1, KeysAtATime),
                CancellationToken = abandon.Token,
            };
            await Parallel.ForEachAsync(
                Enumerable.Range(begun, number - begun), options, async (index, token) => await HandleAsync(index, token).ConfigureAwait(false))
                .ConfigureAwait(false);
            complete = failure == KeyOutcome.Ok;
        }
        catch (OperationCanceledException) when (failure != KeyOutcome.Ok)
        {
            // One key failed, and with it all of them.
        }
        finally
        {
            if (!complete)
            {
                Array.ForEach(keys, key => key?.Dispose());
            }

            _metrics.CountKeys(role, number, cancellationToken.IsCancellationRequested ? "cancelled" : Describe(failure), _time.GetElapsedTime(began));
        }

        return complete ? new KeyResult(KeyOutcome.Ok, new KeyContainer(keys!)) : new KeyResult(failure, null);

        async Task HandleAsync(int index, CancellationToken token)
        {
            KeyOutcome outcome;
            try
            {
                (outcome, keys[index]) = await handle(index, token).ConfigureAwait(false);
            }
            catch (EntropyException)
            {
                // A key is drawn and split whole before the first share leaves: nothing has been done.
                outcome = KeyOutcome.EntropyUnavailable;
            }

            if (outcome != KeyOutcome.Ok)
            {
                failure = outcome;
                await abandon.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private static string Describe(KeyOutcome outcome) => outcome switch
    {
        KeyOutcome.Ok => "ok",
        KeyOutcome.SlaveSaeUnknown => "slave-sae-unknown",
        KeyOutcome.NotFound => "not-found",
        KeyOutcome.NotYours => "not-yours",
        KeyOutcome.EntropyUnavailable => "entropy-unavailable",
        KeyOutcome.TooLarge => "too-large",
        _ => "unavailable",
    };

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
