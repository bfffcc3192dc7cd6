using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <content>What encryptors and time do.</content>
internal sealed partial class ModelRun
{
    private async Task OperateAsync()
    {
        switch (_random.Next(1000))
        {
            case < 300:
                await MakeSomeAsync();
                break;
            case < 540:
                FetchOne();
                await GoOnAsync();
                break;
            case < 620:
                FetchWrongly();
                await GoOnAsync();
                break;
            case < 680:
                await DoManyThingsAsync();
                break;
            case < 740:
                await PassAndTellAsync(TimeSpan.FromMilliseconds(_random.Next(1, 3000)));
                break;
            case < 765:
                await PassAndTellAsync(HealsWithin);
                break;
            case < 770:
                Count("expiry");
                await PassAndTellAsync(_network.Settings.HubLimits.ShareTimeToLive);
                break;
            case < 790:
                await HealAsync();
                break;
            case < 820:
                await ReplayAsync();
                break;
            default:
                await DisturbAsync();
                break;
        }
    }

    private async Task PassAndTellAsync(TimeSpan duration)
    {
        Tell($"{duration} pass");
        await PassAsync(duration);
    }

    /// <summary>Waits for what was begun, unless the weather holds messages and it is to go on meanwhile.</summary>
    private async Task GoOnAsync()
    {
        await SettleAsync();
        if (!Chance(30))
        {
            await FinishAsync();
        }
        else if (_operations.Count > 0)
        {
            Tell($"{_operations.Count} operations go on");
        }
    }

    private async Task MakeSomeAsync()
    {
        var made = Make(PickRunning(), Chance(20) ? _random.Next(2, 5) : 1);
        await GoOnAsync();
        if (made is { Ids.Count: > 0 } keys && Chance(50))
        {
            Fetch(keys.Ids, keys.Master, keys.Slave);
            await GoOnAsync();
        }
    }

    private async Task DoManyThingsAsync()
    {
        for (var i = _random.Next(2, 5); i > 0; i--)
        {
            switch (_random.Next(4))
            {
                case 0:
                    FetchOne();
                    break;
                case 1 when PickKey() is { } keyId:
                    // Who asks twice at once gets it once.
                    FetchRightly(keyId);
                    FetchRightly(keyId);
                    break;
                default:
                    Make(PickRunning(), _random.Next(1, 3));
                    break;
            }
        }

        await GoOnAsync();
    }

    private InMemoryClient? PickRunning() => _clients.Values.Where(client => client.IsRunning).ToList() is { Count: > 0 } running ? Pick(running) : null;

    private Guid? PickKey() => _model.Acknowledged.Where(entry => entry.Value.DeliveredAt is null || Chance(10)).Select(entry => entry.Key).ToList() is { Count: > 0 } keys
        ? Pick(keys)
        : null;

    private int DrawSize() => _random.Next(10) switch
    {
        < 6 => 32,
        < 8 => _random.Next(Protocol.KeySizes.MinBytes, 100),
        8 => _random.Next(100, 600),
        _ => _random.Next(600, 3000),
    };

    /// <summary>Begins to make keys. Their IDs are added to what is returned once they are made.</summary>
    private (List<Guid> Ids, SaeId Master, SaeId Slave)? Make(InMemoryClient? client, int number)
    {
        if (client is null)
        {
            return null;
        }

        var master = Pick(client.Engine.Encryptors);
        var slave = Pick(_saes.Where(sae => sae != master).ToList());
        var size = DrawSize();
        var must = _model.MustMake(master, slave);
        var ids = new List<Guid>();
        Begin(client, $"{master} makes {number} of {size} bytes for {slave}", must, client.EstablishAsync(slave.Value, size, number, master.Value), (result, isUndisturbed) =>
        {
            CheckMade(result, master, slave, size, number, isUndisturbed ? must : null);
            ids.AddRange(result.Keys?.Keys.Select(key => key.KeyId) ?? []);
        });
        return (ids, master, slave);
    }

    private void CheckMade(KeyResult result, SaeId master, SaeId slave, int size, int number, KeyOutcome? must)
    {
        Count($"make {result.Outcome}");
        Expect(must is null || result.Outcome == must, $"Making must be {must}, and is {result.Outcome}.");
        if (must is not null)
        {
            Count($"make must {must}");
        }

        Expect(result.Outcome == KeyOutcome.Ok == result.Keys is not null, "Keys and outcome disagree.");
        Expect(result.Outcome is KeyOutcome.Ok or KeyOutcome.Unavailable or KeyOutcome.SlaveSaeUnknown, $"Making cannot be {result.Outcome}.");
        Expect(result.Outcome != KeyOutcome.SlaveSaeUnknown || must is null || _model.MayBeUnknown(slave), $"{slave} cannot be unknown.");
        if (result.Keys is { } keys)
        {
            Expect(keys.Keys.Count == number && keys.Keys.All(key => key.Key.Length == size), "Other keys than were asked for.");
            foreach (var key in keys.Keys)
            {
                _model.NoteAcknowledged(key.KeyId, key.Key.Span.ToArray(), master, slave);
            }
        }
    }

    private void FetchOne()
    {
        if (PickKey() is { } keyId)
        {
            FetchRightly(keyId);
        }
    }

    private void FetchRightly(Guid keyId)
    {
        var key = _model.Acknowledged.Single(entry => entry.Key == keyId).Value;
        Fetch([keyId], key.Master, key.Slave);
    }

    /// <summary>What nobody may get: an unknown key, somebody else's, one among several that was delivered, another master's.</summary>
    private void FetchWrongly()
    {
        var keyId = PickKey();
        var slave = Pick(_saes);
        var master = Pick(_saes.Where(sae => sae != slave).ToList());
        if (keyId is not { } known || Chance(30))
        {
            Fetch([_network.Entropy.NextUuid()], master, slave);
        }
        else if (Chance(50))
        {
            Fetch([known], Chance(50) ? master : _model.Acknowledged.Single(entry => entry.Key == known).Value.Master, slave);
        }
        else if (_model.Acknowledged.Where(entry => entry.Value.DeliveredAt is not null)
            .OrderByDescending(entry => entry.Value.DeliveredAt).Take(10).Select(entry => entry.Key).ToList() is { Count: > 0 } delivered)
        {
            FetchRightly(Pick(delivered));
        }
    }

    private void Fetch(List<Guid> keyIds, SaeId master, SaeId slave)
    {
        var client = _clients[_model.OwnerOf(slave)];
        if (!client.IsRunning)
        {
            return;
        }

        var (began, holders) = (Now, _model.HoldersOf(keyIds[0], Now));
        var musts = keyIds.Select(keyId => _model.MustFetch(keyId, master, slave, began)).ToList();
        KeyOutcome? must = musts.Contains(KeyOutcome.NotFound) ? KeyOutcome.NotFound
            : musts.All(one => one == KeyOutcome.Ok) ? KeyOutcome.Ok : null;
        foreach (var keyId in keyIds)
        {
            _contended.UnionWith(_wanted.Contains(keyId) ? [keyId] : []);
            _wanted.Add(keyId);
        }

        Begin(
            client,
            $"{slave} fetches {string.Join(", ", keyIds)} of {master}",
            must,
            client.FetchAsync(master.Value, keyIds, slave.Value),
            (result, isUndisturbed) => CheckFetched(result, keyIds, master, slave, holders, began, isUndisturbed, must));
    }

    private void CheckFetched(
        KeyResult result,
        List<Guid> keyIds,
        SaeId master,
        SaeId slave,
        IReadOnlyList<int> holders,
        DateTimeOffset began,
        bool isUndisturbed,
        KeyOutcome? must)
    {
        Count($"fetch {result.Outcome}");
        Expect(result.Outcome == KeyOutcome.Ok == result.Keys is not null, "Keys and outcome disagree.");
        var isContended = keyIds.Any(_contended.Contains);
        if (isUndisturbed && !isContended)
        {
            Expect(must is null || result.Outcome == must, $"Fetching must be {must}, and is {result.Outcome}.");
            if (must is not null)
            {
                Count($"fetch must {must}");
            }

            Expect(
                keyIds.Count > 1 || !_model.MustNotBe(result.Outcome, keyIds[0], master, slave, holders, began, Now),
                $"Fetching must not be {result.Outcome}.");
        }

        if (result.Keys is { } keys)
        {
            Expect(keys.Keys.Select(key => key.KeyId).SequenceEqual(keyIds), "Other keys than were asked for.");
            foreach (var key in keys.Keys)
            {
                _model.NoteDelivered(key.KeyId, key.Key.Span.ToArray(), master, slave, Now);
            }
        }

        else
        {
            _model.NoteRefused(keyIds);
        }

        foreach (var keyId in keyIds)
        {
            _wanted.Remove(keyId);
            if (!_wanted.Contains(keyId) && _contended.Remove(keyId) && isUndisturbed && must == KeyOutcome.Ok && keyIds.Count == 1)
            {
                Count("fetch contended");
                Expect(_model.IsDelivered(keyId), $"Of several that asked for key {keyId} at once nobody got it.");
            }
        }
    }

    private void Begin(InMemoryClient client, string what, KeyOutcome? must, Task<KeyResult> task, Action<KeyResult, bool> check)
        => _operations.Add(new ModelOperation(
            client.Name, $"{what}, must be {must?.ToString() ?? "anything"}", task, must == KeyOutcome.Ok, _changes, check));

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new ModelViolationException(otherwise);
        }
    }
}
