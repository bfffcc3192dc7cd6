using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network;

/// <summary>
/// A small network that registers, makes keys, fetches them and refills, as a seed says, while machines lose power; and what has to be true
/// of it afterwards.
/// </summary>
internal sealed class CrashSchedule : IAsyncDisposable
{
    private const int Operations = 12;

    private const int MaxSyncs = 5;

    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(10);

    private readonly Random _random;
    private readonly InMemoryNetwork _network;
    private readonly InMemoryClient[] _clients;
    private readonly List<Made> _made = [];
    private readonly HashSet<NodeName> _victims = [];
    private readonly HashSet<NodeName> _started = [];

    private CrashSchedule(int seed)
    {
        _random = new Random(seed);
        _network = new InMemoryNetwork(new NetworkSettings
        {
            Hubs = 3,
            Threshold = 2,
            Psrd = new PsrdTargets(BlockSize: 2048, RefillBelow: 800, RefillTo: 2048),
            // Time-outs differ from the interval of renewals, so that it can be told who waits for what.
            ClientLimits = new ClientLimits { HubTimeout = TimeSpan.FromSeconds(4), TombstoneTime = TimeSpan.FromDays(3) },

            // Virtual minutes go by while nodes come and go: no share is to be gone for its age.
            HubLimits = new HubLimits { HoldTime = TimeSpan.Zero, ShareTimeToLive = TimeSpan.FromDays(1), RepeatWindow = TimeSpan.FromDays(1) },
            Seed = seed,
            HasDisks = true,
        });
        _clients = new InMemoryClient[2];
    }

    /// <summary>The step of a victim at which the power goes, counted from its first start.</summary>
    public sealed record Loss(bool AtHub, int Node, int Step);

    /// <summary>How many keys arrived at both ends.</summary>
    private int Keys { get; set; }

    /// <summary>Runs a schedule and asserts all that has to be true.</summary>
    /// <returns>Whether the first of the losses happened, and how many keys arrived at both ends.</returns>
    public static async Task<(bool Happened, int Keys)> RunAsync(int seed, int operations, params IReadOnlyList<Loss> losses)
    {
        await using var schedule = new CrashSchedule(seed);
        await schedule.RunAsync(operations, losses);
        var first = losses.Select(loss => loss.AtHub ? schedule._network.Hubs[loss.Node].Name : NameOf(loss.Node)).FirstOrDefault();
        return (schedule._started.Contains(first), schedule.Keys);
    }

    /// <summary>Runs schedules in which the power goes at each step in turn, until there is no such step any more.</summary>
    /// <param name="seed">The seed of all of them. A failure names what to run again.</param>
    /// <param name="place">Says which machines lose power, and when: the first one at the given step.</param>
    public static async Task AtEveryStepAsync(int seed, Func<int, Random, IReadOnlyList<Loss>> place)
    {
        var random = new Random(seed);
        var (schedules, keys) = (0, 0);
        for (var step = 0; ; step++, schedules++)
        {
            var losses = place(step, random);
            try
            {
                var outcome = await RunAsync(seed, Operations, losses);
                keys += outcome.Keys;
                if (!outcome.Happened)
                {
                    break;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Assert.Fail($"CrashSchedule.RunAsync({seed}, {Operations}, {string.Join(", ", losses)}): {e}");
            }
        }

        Assert.InRange(schedules, 50, int.MaxValue);
        Assert.InRange(keys, 4 * schedules, int.MaxValue);
    }

    public async ValueTask DisposeAsync() => await _network.DisposeAsync();

    private async Task RunAsync(int operations, IReadOnlyList<Loss> losses)
    {
        foreach (var loss in losses.Where(loss => loss.AtHub))
        {
            var power = PowerOf(_network.Hubs[loss.Node]);
            power.LossAt = power.Steps + loss.Step;
            _victims.Add(_network.Hubs[loss.Node].Name);
        }

        foreach (var loss in losses.Where(loss => !loss.AtHub))
        {
            _network.LossOfClientAt.Add(NameOf(loss.Node), loss.Step);
            _victims.Add(NameOf(loss.Node));
        }

        _clients[0] = _network.AddClient("carol", Dialect.Guide, "sam");
        _clients[1] = _network.AddClient("celia", Dialect.Guide, "serena");
        await _network.UntilAtRestAsync();
        for (var i = 0; i < operations; i++)
        {
            await OperateAsync();
            await _network.UntilAtRestAsync();
            if (_random.Next(3) > 0)
            {
                // Sometimes a machine stays dead while the others go on.
                await StartDeadAsync();
            }
        }

        while (_victims.Any(IsDead))
        {
            await StartDeadAsync();
        }

        foreach (var hub in _network.Hubs)
        {
            PowerOf(hub).LossAt = null;
        }

        foreach (var client in _clients)
        {
            ((SimulatedMachine<IClientStateStore>)client.Disk).Power.LossAt = null;
        }

        await AssertHealedAsync();
        await AssertDeliveredAsync();
        await AssertAgreementAsync();
        AssertNothingLostElsewhere();
        Assert.Empty(_network.Audit.Violations);
    }

    private static NodeName NameOf(int client) => NodeName.Parse(client == 0 ? "carol" : "celia");

    private static Power PowerOf(InMemoryHub hub) => ((SimulatedMachine<IHubStateStore>)hub.Disk).Power;

    private static string SaeOf(int client) => client == 0 ? "sam" : "serena";

    private bool IsDead(NodeName node)
        => _network.Hubs.Any(hub => hub.Name == node && !hub.Disk.IsOn) || _clients.Any(client => client.Name == node && !client.Disk.IsOn);

    private async Task OperateAsync()
    {
        var maker = _random.Next(2);
        switch (_random.Next(8))
        {
            case < 3:
                await MakeAsync(maker, _random.Next(4) == 0 ? _random.Next(100, 300) : 32);
                break;
            case < 5:
                if (await MakeAsync(maker, 32) is { } made)
                {
                    await FetchAsync(made);
                }

                break;
            case 5 when _made.Find(made => !made.IsFetched) is { } waiting:
                await FetchAsync(waiting);
                break;
            case 6:
                await _network.PassAsync(TimeSpan.FromMilliseconds(_random.Next(1, 6000)));
                break;
            default:
                await Task.WhenAll(MakeAsync(maker, 32), MakeAsync(1 - maker, 64), MakeAsync(maker, 16));
                break;
        }
    }

    private async Task<Made?> MakeAsync(int maker, int size)
    {
        var result = await RunAsync(_clients[maker].EstablishAsync(SaeOf(1 - maker), size));
        using var keys = result.Keys;
        if (result.Outcome != KeyOutcome.Ok || !_clients[maker].Disk.IsOn)
        {
            return null;
        }

        var made = new Made(maker, keys!.Keys[0].KeyId, keys.Keys[0].Key.Span.ToArray());
        lock (_made)
        {
            _made.Add(made);
        }

        return made;
    }

    private async Task FetchAsync(Made made)
    {
        var fetcher = 1 - made.Maker;
        var result = await RunAsync(_clients[fetcher].FetchAsync(SaeOf(made.Maker), [made.Id]));
        using var keys = result.Keys;
        if (result.Outcome == KeyOutcome.Ok)
        {
            Assert.False(made.IsFetched, $"Key {made.Id} was delivered twice.");
            Assert.Equal(made.Bytes, keys!.Keys[0].Key.Span.ToArray());
            made.IsFetched = true;
            Keys++;
        }
        else if (!_clients[fetcher].Disk.IsOn)
        {
            // It may have been noted as delivered before the power went: then it is lost for good, and that is as it should be.
            made.MayBeLost = true;
        }
    }

    private async Task<KeyResult> RunAsync(Task<KeyResult> operation)
    {
        try
        {
            return await _network.RunAsync(operation);
        }
        catch (PowerLossException)
        {
            return new KeyResult(KeyOutcome.Unavailable, null);
        }
    }

    private async Task StartDeadAsync()
    {
        var clientsFirst = _random.Next(2) == 0;
        for (var i = 0; i < 2; i++)
        {
            if (clientsFirst == (i == 0))
            {
                foreach (var client in _clients.Where(client => !client.Disk.IsOn))
                {
                    await TryStartAsync(client.Name, (SimulatedMachine<IClientStateStore>)client.Disk, () => client.RestartAsync(keepState: true));
                }
            }
            else
            {
                foreach (var hub in _network.Hubs.Where(hub => !hub.Disk.IsOn))
                {
                    await TryStartAsync(hub.Name, (SimulatedMachine<IHubStateStore>)hub.Disk, () =>
                    {
                        hub.Restart(keepState: true);
                        return Task.CompletedTask;
                    });
                }
            }
        }

        await _network.UntilAtRestAsync();
    }

    private async Task TryStartAsync<T>(NodeName node, SimulatedMachine<T> machine, Func<Task> start)
        where T : class
    {
        _started.Add(node);
        try
        {
            // One start in four does not get far either.
            machine.LossAfterStart = _random.Next(4) == 0 ? _random.Next(30) : null;
            await start();
        }
        catch (PowerLossException)
        {
            // Another try will be made.
        }
    }

    private async Task AssertHealedAsync()
    {
        var began = _network.Time.GetUtcNow();
        var healed = await _network.PassUntilAsync(() => _clients.All(client => client.Engine.Links.All(IsInAgreement)), HealsWithin);
        Assert.True(healed, "Links that do not heal: " + string.Join("; ", _clients.SelectMany(
            client => client.Engine.Links.Where(link => !IsInAgreement(link)).Select(link => Describe(client, link)))));
        var atMost = HealsWithin - (_network.Time.GetUtcNow() - began);
        for (var maker = 0; maker < 2; maker++)
        {
            var made = await MakeAsync(maker, 32);
            Assert.True(made is not null, $"No fresh key within {atMost}.");
            await FetchAsync(made);
            Assert.True(made.IsFetched, "A fresh key did not arrive.");
            Assert.All(_network.Hubs, hub =>
            {
                var statuses = hub.Exchanges.Where(exchange => exchange.KeyId == made.Id).Select(exchange => (exchange.Request.IsPost, exchange.Received?.Status)).ToList();
                Assert.True(
                    statuses.LastOrDefault(status => status.IsPost).Status == 200 && statuses.LastOrDefault(status => !status.IsPost).Status == 200,
                    $"{string.Join(", ", statuses)} for a fresh key; {Describe(_clients[maker], _clients[maker].Link(hub.Index))}; {Describe(_clients[1 - maker], _clients[1 - maker].Link(hub.Index))}");
            });
        }
    }

    private bool IsInAgreement(HubLink link)
        => link is { IsUsable: true, Session: { } session }
            && session.HubInstance == _network.Hubs[link.Index].Instance
            && IsCurrent(link)
            && link.Available(PoolOwner.Client) >= link.Settings.RefillBelow
            && link.Available(PoolOwner.Hub) >= link.Settings.RefillBelow;

    /// <summary>Whether the client knows of the hub's last start: it has asked the hub since.</summary>
    private bool IsCurrent(HubLink link) => _network.Hubs[link.Index].Engine.GetClients().Any(client => _clients.Any(
        own => own.Name == client.Name && own.Link(link.Index) == link && client.IsSynced));

    private string Describe(InMemoryClient client, HubLink link)
        => $"{client.Name}→{link.Hub} synced {link.Session?.IsSynced}, "
            + $"waiting {link.Waiting}, own {link.Session?.ClientOwned.SpendableBytes}, hub's {link.Session?.HubOwned.AvailableBytes}, view {link.Available(PoolOwner.Hub)}, "
            + $"at hub {string.Join(' ', _network.Hubs[link.Index].Engine.GetClients().Where(known => known.Name == client.Name))}";

    /// <summary>What was acknowledged is delivered, and nothing a second time.</summary>
    private async Task AssertDeliveredAsync()
    {
        foreach (var made in _made.ToArray())
        {
            if (!made.IsFetched)
            {
                await FetchAsync(made);
                Assert.True(made.IsFetched || made.MayBeLost, $"Key {made.Id} was acknowledged and is gone.");
            }

            if (made.IsFetched)
            {
                var fetcher = 1 - made.Maker;
                var again = await _network.RunAsync(_clients[fetcher].FetchAsync(SaeOf(made.Maker), [made.Id]));
                again.Keys?.Dispose();
                Assert.Equal(KeyOutcome.NotFound, again.Outcome);
            }
        }
    }

    /// <summary>After a sync both ends have the same blocks, and the end that takes is nowhere ahead of the one that allocates.</summary>
    private async Task AssertAgreementAsync()
    {
        // Blocks that the owner has used up, with a hole at the other end, go with the first sync after half a minute. A sync is signed with
        // PSRD too and may use up the next one, but not one after the other.
        for (var i = 0; i < MaxSyncs && (i < 2 || !HaveSameBlocks()); i++)
        {
            var syncs = _clients.SelectMany(client => client.Engine.Links).Select(link => link.WantSync()).ToList();
            await _network.UntilAtRestAsync();
            Assert.All(syncs, sync => Assert.True(sync is { IsCompletedSuccessfully: true, Result: true }));
            _network.Time.Advance(PeerPool.UnlistedTime);
            await _network.PassAsync(TimeSpan.FromSeconds(1));
        }

        foreach (var link in _clients.SelectMany(client => client.Engine.Links))
        {
            Assert.False(link.WasSetBack, "An alarm, though nobody set anything back.");
        }

        Assert.All(GetPools(), pool =>
        {
            Assert.Equal(pool.Owner.Select(block => block.BlockId).Order(), pool.Receiver.Select(block => block.BlockId).Order());
            Assert.All(pool.Owner, block => Assert.InRange(pool.Receiver.Single(other => other.BlockId == block.BlockId).Position, 0, block.Position));
        });
        Assert.All(_network.Hubs, hub => Assert.All(hub.Engine.GetClients(), client =>
        {
            Assert.False(client.WasSetBack);
            Assert.All(client.HubOwned.Concat(client.ClientOwned), block => Assert.True(block.IsConfirmed));
        }));
    }

    private bool HaveSameBlocks() => GetPools().All(
        pool => pool.Owner.Select(block => block.BlockId).ToHashSet().SetEquals(pool.Receiver.Select(block => block.BlockId)));

    /// <summary>Every pool of every link, as either end has it.</summary>
    private List<(IReadOnlyList<BlockPosition> Owner, IReadOnlyList<BlockPosition> Receiver)> GetPools()
    {
        var pools = new List<(IReadOnlyList<BlockPosition> Owner, IReadOnlyList<BlockPosition> Receiver)>();
        foreach (var client in _clients)
        {
            foreach (var link in client.Engine.Links)
            {
                var session = link.Session!;
                var statement = _network.Hubs[link.Index].StateFor(client);
                pools.Add((session.ClientOwned.GetPositions(withPending: true), statement.ClientOwned));
                pools.Add((statement.HubOwned, session.HubOwned.GetPositions(withPending: true)));
            }
        }

        return pools;
    }

    /// <summary>Between machines that nothing happened to, every byte that is gone was named by a message.</summary>
    private void AssertNothingLostElsewhere()
    {
        foreach (var client in _clients.Where(client => !_victims.Contains(client.Name)))
        {
            foreach (var link in client.Engine.Links.Where(link => !_victims.Contains(link.Hub)))
            {
                Assert.All(link.Session!.ClientOwned.GetPositions(withPending: false), block => Assert.Equal(_network.Audit.CountUsed(block.BlockId), block.Position));
                Assert.All(_network.Hubs[link.Index].StateFor(client).HubOwned, block => Assert.Equal(_network.Audit.CountUsed(block.BlockId), block.Position));
            }
        }
    }

    /// <summary>A key whose making was acknowledged.</summary>
    private sealed record Made(int Maker, Guid Id, byte[] Bytes)
    {
        public bool IsFetched { get; set; }

        public bool MayBeLost { get; set; }
    }
}
