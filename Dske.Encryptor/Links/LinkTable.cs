using System.Collections.Concurrent;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Telemetry;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>The links of this encryptor: those that were asked for here, each with its driver, and those that a peer keeps.</summary>
/// <remarks>Safe for concurrent use. Configuring and removing are one after the other: see <see cref="ConfigurationLock"/>.</remarks>
internal sealed class LinkTable : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SaeId, Link> _links = new();
    private readonly Dictionary<SaeId, (LinkDriver Driver, Task Running, CancellationTokenSource Ending)> _drivers = [];
    private readonly EncryptorSettings _settings;
    private readonly KmeExchange _kme;
    private readonly LinkClient _client;
    private readonly LinkTelemetry _telemetry;
    private readonly IEntropySource _entropy;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Between a link that is asked for and one that nobody wants any more.
    private readonly Lock _wanting = new();

    public LinkTable(
        EncryptorSettings settings, KmeExchange kme, LinkClient client, LinkTelemetry telemetry, IEntropySource entropy, TimeProvider time)
    {
        (_settings, _kme, _client, _telemetry, _entropy, _time) = (settings, kme, client, telemetry, entropy, time);
        _timer = time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        telemetry.Watch(() => _links.Values);
    }

    /// <summary>All links, by the peer's SAE ID.</summary>
    public IReadOnlyList<Link> All => [.. _links.Values.OrderBy(static link => link.Peer.SaeId.Value, StringComparer.Ordinal)];

    /// <summary>Held while links or tunnels are configured.</summary>
    public SemaphoreSlim ConfigurationLock { get; } = new(1);

    public Link? Find(SaeId peer) => _links.GetValueOrDefault(peer);

    /// <summary>The link to a peer, which begins with nothing when there is none.</summary>
    public Link GetOrAdd(Peer peer)
    {
        while (true)
        {
            if (_links.TryGetValue(peer.SaeId, out var link))
            {
                return link;
            }

            _links.TryAdd(peer.SaeId, new Link(peer, _time) { ResponderInstance = _entropy.NextUuid(), Budget = new HelloBudget(_time) });
        }
    }

    /// <summary>Keeps a link from now on, or keeps it in another way. With <see cref="ConfigurationLock"/> held.</summary>
    public void Configure(Peer peer, LinkSettings settings)
    {
        Link link;
        lock (_wanting)
        {
            link = GetOrAdd(peer);
            link.Settings = settings;
        }

        if (_drivers.ContainsKey(peer.SaeId))
        {
            return;
        }

        var ending = new CancellationTokenSource();
        var driver = new LinkDriver(link, _settings, _kme, _client, _telemetry, _entropy, _time);
        _drivers.Add(peer.SaeId, (driver, Task.Run(() => driver.RunAsync(ending.Token)), ending));
    }

    /// <summary>Takes down a link that was asked for here. With <see cref="ConfigurationLock"/> held.</summary>
    public async Task RemoveAsync(SaeId peer)
    {
        if (_drivers.Remove(peer, out var running) && _links.TryGetValue(peer, out var link))
        {
            link.Settings = null;
            await running.Ending.CancelAsync();
            await running.Running;
            running.Ending.Dispose();
            using var driver = running.Driver;
            if (link.Session is { Role: LinkRole.Initiator } session)
            {
                using var limit = new CancellationTokenSource(CloseTimeout, _time);
                try
                {
                    await driver.CloseAsync(session, limit.Token);
                }
                catch (OperationCanceledException)
                {
                    // The peer learns it when its keys become too old.
                }

                link.End(session, reason: null);
            }

            RemoveIfUnwanted(link);
        }
    }

    /// <summary>Forgets a link that nobody asked for here and that has no session.</summary>
    public void RemoveIfUnwanted(Link link)
    {
        lock (_wanting)
        {
            if (link.Settings is not null || link.Session is not null || !_links.TryRemove(new KeyValuePair<SaeId, Link>(link.Peer.SaeId, link)))
            {
                return;
            }
        }

        link.Dispose();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await ConfigurationLock.WaitAsync();
        try
        {
            foreach (var (driver, running, ending) in _drivers.Values)
            {
                await ending.CancelAsync();
                await running;
                ending.Dispose();
                driver.Dispose();
            }

            _drivers.Clear();
            foreach (var link in _links.Values)
            {
                link.Dispose();
            }
        }
        finally
        {
            ConfigurationLock.Release();
        }
    }

    private void Tick()
    {
        foreach (var link in _links.Values)
        {
            link.Tick();
        }
    }
}
