using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <summary>
/// What has to be true of a network after all that happened to it: which keys there are, who may fetch them, which hubs hold a share, and so
/// whether a key must be there, may be there, or must not.
/// </summary>
/// <remarks>Learns from what the runner does and from who answered what on the wire. Not safe for concurrent use.</remarks>
internal sealed class NetworkModel(int hubs, int threshold, IReadOnlyDictionary<SaeId, NodeName> owners, HubLimits limits, TimeSpan tombstoneTime)
{
    /// <summary>How long before its end a share is no longer counted on: time may pass while somebody asks.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(6);

    private readonly Dictionary<Guid, ModelKey> _keys = [];

    /// <summary>The hubs, in order.</summary>
    public IReadOnlyList<ModelHub> Hubs { get; } = [.. Enumerable.Range(0, hubs).Select(_ => new ModelHub())];

    /// <summary>Every link.</summary>
    public IReadOnlyList<ModelLink> Links { get; } = [.. owners.Values.Distinct().SelectMany(client => Enumerable.Range(0, hubs).Select(hub => new ModelLink(client, hub)))];

    /// <summary>Keys that were acknowledged, with their IDs.</summary>
    public IEnumerable<KeyValuePair<Guid, ModelKey>> Acknowledged => _keys.Where(entry => entry.Value.Bytes is not null);

    /// <summary>So many hubs may say no without being believed.</summary>
    private int MostDenials => hubs - threshold;

    public NodeName OwnerOf(SaeId sae) => owners[sae];

    public IEnumerable<ModelLink> LinksOf(NodeName client) => Links.Where(link => link.Client == client);

    public ModelLink LinkOf(NodeName client, int hub)
    {
        foreach (var link in Links)
        {
            if (link.Hub == hub && link.Client == client)
            {
                return link;
            }
        }

        throw new ArgumentException($"There is no link of {client} to hub {hub}.");
    }

    /// <summary>What can certainly be asked, and tells the truth.</summary>
    public bool IsHonest(ModelLink link) => link.IsGood && Hubs[link.Hub].Lie == Lie.None;

    /// <summary>Takes note of a message that comes to a hub.</summary>
    public void NoteArrived(InBandExchange exchange, DateTimeOffset at)
    {
        if (!exchange.Request.IsPost)
        {
            return;
        }

        var (master, slave) = exchange.ReadPair();
        foreach (var keyId in exchange.KeyIds)
        {
            if (!_keys.TryGetValue(keyId, out var key))
            {
                _keys[keyId] = key = new ModelKey(at);
            }

            (key.Master, key.Slave) = (SaeId.Parse(master), SaeId.Parse(slave));
            key.Arrived.Add(exchange.Hub.Index);
        }
    }

    /// <summary>Takes note of a message that a hub answered.</summary>
    public void NoteAnswered(InBandExchange exchange, DateTimeOffset at)
    {
        if (exchange.IsSync || exchange.Answered is not { Status: 200 })
        {
            return;
        }

        var hub = exchange.Hub.Index;
        if (exchange.Request.IsPost)
        {
            foreach (var key in exchange.KeyIds.Select(keyId => _keys[keyId]))
            {
                key.Stored.Add(hub);
                key.HeldUntil[hub] = key.HeldUntil.TryGetValue(hub, out var known) ? known : at + limits.ShareTimeToLive;
            }

            return;
        }

        foreach (var keyId in exchange.HandedOut)
        {
            NoteHandedOut(exchange, hub, keyId, at);
        }
    }

    private void NoteHandedOut(InBandExchange exchange, int hub, Guid keyId, DateTimeOffset at)
    {
        if (!_keys.TryGetValue(keyId, out var key) || !key.Arrived.Contains(hub) || exchange.ReadPair() != (key.Master.Value, key.Slave.Value)
            || exchange.Client != owners[key.Slave] || (key.HeldUntil.TryGetValue(hub, out var until) && until < at))
        {
            throw new ModelViolationException($"{exchange.Hub.Name} handed {exchange.Client} a share of {keyId} that it should not have had.");
        }

        if (key.HandedOut.Add(hub) && !(at + limits.RepeatWindow >= key.HeldUntil.GetValueOrDefault(hub, DateTimeOffset.MaxValue)))
        {
            key.HeldUntil[hub] = at + limits.RepeatWindow;
        }
    }

    /// <summary>A hub lost everything.</summary>
    public void NoteHubLost(int hub)
    {
        foreach (var (_, key) in _keys)
        {
            key.Arrived.Remove(hub);
            key.HeldUntil.Remove(hub);
            key.HandedOut.Remove(hub);
        }

        foreach (var link in Links.Where(link => link.Hub == hub))
        {
            link.IsHubInformed = false;
        }
    }

    /// <summary>A client lost everything.</summary>
    public void NoteClientLost(NodeName client)
    {
        foreach (var (_, key) in _keys.Where(entry => entry.Value.Bytes is not null && owners[entry.Value.Slave] == client))
        {
            key.IsDeliveryForgotten = true;
        }
    }

    /// <summary>A client said that a key is made.</summary>
    public void NoteAcknowledged(Guid keyId, byte[] bytes, SaeId master, SaeId slave)
    {
        if (!_keys.TryGetValue(keyId, out var key) || key.Stored.Count < threshold || (key.Master, key.Slave) != (master, slave))
        {
            throw new ModelViolationException($"Key {keyId} was acknowledged with {key?.Stored.Count ?? 0} hubs that took a share of it.");
        }

        key.Bytes = key.Bytes is null ? bytes : throw new ModelViolationException($"Key {keyId} was made twice.");
    }

    /// <summary>A client refused to hand keys over, those that are there too: it may keep these.</summary>
    public void NoteRefused(IEnumerable<Guid> keyIds)
    {
        foreach (var keyId in keyIds)
        {
            if (_keys.TryGetValue(keyId, out var key))
            {
                key.IsPerhapsRebuilt = true;
            }
        }
    }

    /// <summary>A client handed a key to an encryptor.</summary>
    public void NoteDelivered(Guid keyId, byte[] bytes, SaeId master, SaeId slave, DateTimeOffset at)
    {
        if (!_keys.TryGetValue(keyId, out var key) || (key.Master, key.Slave) != (master, slave))
        {
            throw new ModelViolationException($"Key {keyId} was delivered to {slave}, for whom it is not.");
        }

        if (key.DeliveredAt is not null && !key.IsDeliveryForgotten)
        {
            throw new ModelViolationException($"Key {keyId} was delivered twice.");
        }

        if (key.Bytes is not null && !key.Bytes.AsSpan().SequenceEqual(bytes))
        {
            throw new ModelViolationException($"Key {keyId} was delivered with other bytes than it was made with.");
        }

        (key.DeliveredAt, key.IsDeliveryForgotten, key.IsPerhapsRebuilt) = (at, false, false);
    }

    /// <summary>Whether an encryptor got a key that was made for it.</summary>
    public bool IsDelivered(Guid keyId) => _keys.GetValueOrDefault(keyId)?.DeliveredAt is not null;

    /// <summary>What must come of making a key; null when several things may.</summary>
    public KeyOutcome? MustMake(SaeId master, SaeId slave)
    {
        var maker = owners[master];
        if (LinksOf(maker).Count(link => IsHonest(link) && IsInformed(link.Hub, slave)) >= threshold)
        {
            return KeyOutcome.Ok;
        }

        return LinksOf(maker).Count(link => !link.IsCut && Hubs[link.Hub].IsUp) < threshold ? KeyOutcome.Unavailable : null;
    }

    /// <summary>Whether so many hubs may not know an encryptor, or say so, that it counts as unknown.</summary>
    public bool MayBeUnknown(SaeId slave) => Enumerable.Range(0, hubs).Count(hub => !IsInformed(hub, slave) || Hubs[hub].Lie != Lie.None) > MostDenials;

    /// <summary>What must come of fetching a key, by whomever; null when several things may.</summary>
    public KeyOutcome? MustFetch(Guid keyId, SaeId master, SaeId slave, DateTimeOffset now)
    {
        var fetcher = LinksOf(owners[slave]);
        if (!_keys.TryGetValue(keyId, out var key) || (key.Bytes is not null && (key.Master, key.Slave) != (master, slave)))
        {
            // As long as some hubs only fail, it is a matter of moments whether enough others say no before no key can come of it.
            return key is null && fetcher.All(IsHonest) ? KeyOutcome.NotFound : null;
        }

        if (key is { DeliveredAt: { } at, IsDeliveryForgotten: false })
        {
            return now < at + tombstoneTime ? KeyOutcome.NotFound : null;
        }

        var holders = HoldersOf(keyId, now);
        return key.Bytes is not null && fetcher.Count(link => IsHonest(link) && holders.Contains(link.Hub)) >= threshold ? KeyOutcome.Ok : null;
    }

    /// <summary>The hubs that certainly hold a share of a key for some seconds more.</summary>
    public IReadOnlyList<int> HoldersOf(Guid keyId, DateTimeOffset now)
        => _keys.TryGetValue(keyId, out var key) ? [.. key.HeldUntil.Where(entry => entry.Value > now + Margin).Select(entry => entry.Key)] : [];

    /// <summary>What must not come of fetching a key, between two points in time; <paramref name="holders"/> held a share at the first one.</summary>
    public bool MustNotBe(
        KeyOutcome outcome, Guid keyId, SaeId master, SaeId slave, IReadOnlyList<int> holders, DateTimeOffset from, DateTimeOffset to)
    {
        var key = _keys.GetValueOrDefault(keyId);
        var isTheirs = key is not null && (key.Master, key.Slave) == (master, slave);
        return outcome switch
        {
            KeyOutcome.Ok => !isTheirs || (!key!.IsPerhapsRebuilt && key.HeldUntil.Values.Count(until => until >= from) < threshold),
            KeyOutcome.NotFound => isTheirs && key!.DeliveredAt is null && key.Bytes is not null
                && hubs - holders.Intersect(HoldersOf(keyId, to)).Count(hub => Hubs[hub].Lie == Lie.None) <= MostDenials,
            KeyOutcome.NotYours => isTheirs || key is null,
            KeyOutcome.Unavailable => false,
            _ => true,
        };
    }

    /// <summary>Forgets keys of which no hub can have a share.</summary>
    public void Forget(DateTimeOffset now)
    {
        foreach (var (keyId, key) in _keys)
        {
            if (now > key.FirstSeen + limits.ShareTimeToLive + (2 * tombstoneTime))
            {
                _keys.Remove(keyId);
            }
        }
    }

    private bool IsInformed(int hub, SaeId sae) => LinkOf(owners[sae], hub).IsHubInformed;
}
