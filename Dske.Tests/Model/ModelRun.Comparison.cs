using Dske.Protocol.Clients;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <content>What has to be true after each step, and once everything is well again.</content>
internal sealed partial class ModelRun
{
    private void Compare()
    {
        if (_network.Audit.Violations is { Count: > 0 } violations)
        {
            throw new ModelViolationException(string.Join("; ", violations));
        }

        while (_accusations.TryDequeue(out var accusation))
        {
            Count("accusation");
            var hub = _network.Hubs.Single(hub => hub.Name == accusation.Hub);
            Expect(_interference.IsSpoiled(hub.Index, accusation.KeyId), $"{accusation.Hub} is accused of a wrong share of {accusation.KeyId}, and did not lie.");
        }

        foreach (var (_, client) in _clients)
        {
            Expect(client.Engine.Reputation.Suspects.All(hub => _model.Hubs[hub].HasLied), "A hub is suspect that never lied.");
        }

        foreach (var known in _model.Links)
        {
            var client = _clients[known.Client];
            var link = client.Link(known.Hub);
            ComparePools(client, link);
            var isClear = IsClear(known);
            known.IsGood = isClear && Now >= known.UncertainUntil && IsInAgreement(link) && (known.IsGood || IsSynced(known));
            known.IsHubInformed |= known.IsGood;
            known.GoodAt = known.IsGood ? Now : known.GoodAt;
            if (isClear && Now > known.GoodAt + HealsWithin && Now > known.DisturbedAt + HealsWithin)
            {
                throw new ModelViolationException($"{known.Client}→{_network.Hubs[known.Hub].Name} does not heal.");
            }
        }

        _model.Forget(Now);
    }

    /// <summary>Whether nothing is in the way, and both ends run.</summary>
    private bool IsClear(ModelLink link)
    {
        if (link.Weather is { IsOver: true } weather && weather.Held + weather.HeldSyncs == 0)
        {
            // It has struck often enough.
            link.Weather = null;
            (link.DisturbedAt, link.UncertainUntil) = (Now, Now + _network.Settings.ClientLimits.RenewInterval);
        }

        return link is { IsCut: false, Weather: null } && _model.Hubs[link.Hub].IsUp && _clients[link.Client].IsRunning;
    }

    private bool IsSynced(ModelLink link) => _network.Hubs[link.Hub].Engine.GetClients().Any(client => client.Name == link.Client && client.IsSynced);

    private bool IsInAgreement(HubLink link)
        => link is { IsUsable: true, IsPausing: false, Session: { } session }
            && session.HubInstance == _network.Hubs[link.Index].Instance
            && link.Available(PoolOwner.Client) >= link.Settings.RefillBelow
            && link.Available(PoolOwner.Hub) >= link.Settings.RefillBelow;

    private static void ComparePools(InMemoryClient client, HubLink link)
    {
        if (link.WasSetBack)
        {
            throw new ModelViolationException($"{client.Name} takes its storage for an older copy, of which there is none.");
        }

        if (client.IsRunning && link.Session is { } session
            && (session.ClientOwned.AvailableBytes < 0 || session.ClientOwned.SpendableBytes < 0 || session.HubOwned.AvailableBytes < 0))
        {
            throw new ModelViolationException($"A pool of {client.Name} has fewer bytes than none.");
        }
    }

    private static bool IsPossible(BlockStatus block) => block.UnusedBytes >= 0 && block.UnusedBytes <= block.Size;

    /// <summary>Everything that went wrong ends; within ten seconds all is well.</summary>
    private async Task HealAsync()
    {
        await StopDisturbancesAsync();
        await PassAsync(HealsWithin);
        await FinishAsync();
        Compare();
        Expect(_model.Links.All(link => link.IsGood), "A link is not in order though everything is well.");
        Expect(
            _clients.Values.SelectMany(client => client.Engine.Links).All(
                link => link.Session!.ClientOwned.GetStatus().Concat(link.Session.HubOwned.GetStatus()).All(IsPossible)),
            "A block has fewer bytes than none, or more than it has.");
        Expect(_clients.Values.All(client => client.Engine.IsReady && client.Engine.Links.All(link => link.Waiting == 0)), "A client is not ready, or an exchange waits at rest.");
        foreach (var hub in _network.Hubs)
        {
            Expect(!hub.Engine.HasStorageFault, $"{hub.Name} is not well.");
            Expect(
                hub.Engine.GetClients().All(client => !client.WasSetBack && client.IsSynced && !client.NetworkMismatch
                    && client.ClientOwned.Concat(client.HubOwned).All(IsPossible)),
                $"{hub.Name} is not at one with its clients.");
        }

        await PassKeysOverAllHubsAsync();
        Count("healed");
    }

    private async Task StopDisturbancesAsync()
    {
        Tell("everything is mended");
        foreach (var link in _model.Links)
        {
            if (link.IsCut)
            {
                Cut(link, false);
            }

            if (link.Weather is { } weather)
            {
                NoteDisturbed([link], $"{link.Client}→{_network.Hubs[link.Hub].Name}: clear");
                link.Weather = null;
                await weather.ReleaseAsync();
            }
        }

        for (var hub = 0; hub < _model.Hubs.Count; hub++)
        {
            if (_model.Hubs[hub].Lie != Lie.None)
            {
                NoteDisturbed(LinksOf(hub), $"{_network.Hubs[hub].Name} lies no more");
                _model.Hubs[hub].Lie = Lie.None;
            }

            if (!_model.Hubs[hub].IsUp)
            {
                StartHub(hub, keepState: Chance(80));
            }
        }

        foreach (var client in _clients.Values.Where(client => !client.IsRunning).ToList())
        {
            await StartClientAsync(client, keepState: Chance(80));
        }

        await SettleAsync();
    }

    /// <summary>A fresh key of each client passes over every hub, and what was acknowledged and is still there is delivered.</summary>
    private async Task PassKeysOverAllHubsAsync()
    {
        var before = _model.Acknowledged.Select(entry => entry.Key).ToHashSet();
        foreach (var client in _clients.Values)
        {
            Make(client, 1);
        }

        await FinishAsync();
        var fresh = _model.Acknowledged.Where(entry => !before.Contains(entry.Key)).ToList();
        Expect(fresh.Count == _clients.Count, "A client cannot make a key though everything is well.");
        foreach (var (keyId, key) in fresh)
        {
            Expect(key.HeldUntil.Count == _network.Hubs.Count, $"Only {key.HeldUntil.Count} hubs took a share of {keyId} though everything is well.");
            FetchRightly(keyId);
            await FinishAsync();
        }

        foreach (var (keyId, key) in _model.Acknowledged.Where(entry => before.Contains(entry.Key) && entry.Value.DeliveredAt is null).Take(20).ToList())
        {
            // For a key that a client may have in memory it asks no hub.
            var holders = key.IsPerhapsRebuilt ? [] : _model.HoldersOf(keyId, Now);
            Fetch([keyId], key.Master, key.Slave);
            await FinishAsync();
            Expect(holders.All(key.HandedOut.Contains), $"A hub has lost a share of {keyId}.");
        }

        Expect(
            fresh.All(entry => entry.Value.DeliveredAt is not null && entry.Value.HandedOut.Count == _network.Hubs.Count),
            "A fresh key did not come over every hub though everything is well.");
        Compare();
    }
}
