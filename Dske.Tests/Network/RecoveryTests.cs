using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Network;

/// <summary>What can happen to either end of a link, one thing at a time: each heals by itself within ten seconds.</summary>
[Trait("Tier", "Network")]
public sealed class RecoveryTests
{
    private static readonly NetworkSettings Settings = new()
    {
        HasDisks = true,
        HubLimits = new HubLimits { HoldTime = TimeSpan.Zero },

        // Unlike the interval of renewals, so that it can be told who waits for what.
        ClientLimits = new ClientLimits { HubTimeout = TimeSpan.FromSeconds(4) },
    };

    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("client", true)]
    [InlineData("hub", true)]
    [InlineData("client hub", true)]
    [InlineData("hub client", true)]
    [InlineData("client hub", false)]
    [InlineData("hub client", false)]
    public async Task A_crash_or_a_stop_costs_the_open_windows_and_no_pools(string order, bool isCrash)
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var before = await carol.EstablishKeyAsync("serena");
        await carol.UntilQuietAsync();
        var (sessions, blocks) = (carol.Engine.Links.Select(link => link.Session!.HubInstance).ToList(), BlocksOf(network.Hubs[0], carol));
        var unused = UnusedOf(network.Hubs[0], carol);

        foreach (var end in order.Split(' '))
        {
            if (isCrash && end == "client")
            {
                carol.Disk.Kill();
            }
            else if (isCrash)
            {
                network.Hubs[0].Disk.Kill();
            }
        }

        foreach (var end in order.Split(' '))
        {
            if (end == "client")
            {
                await carol.RestartAsync(keepState: true);
            }
            else
            {
                network.Hubs[0].Restart(keepState: true);
            }
        }

        await AssertHealsAsync(network, carol, celia);
        Assert.Equal(before.Bytes, (await celia.FetchKeyAsync("sam", before.Id)).Bytes);
        Assert.Equal(sessions, carol.Engine.Links.Select(link => link.Session!.HubInstance));
        Assert.Equal(blocks, BlocksOf(network.Hubs[0], carol));

        // Two windows of each pool at most: one at either end; besides them, the two keys and a few syncs.
        Assert.InRange(unused - UnusedOf(network.Hubs[0], carol), 1, (4 * WindowGrid.WindowSize(network.Settings.Psrd.BlockSize)) + 1024);
    }

    [Fact]
    public async Task Shares_posted_before_a_crash_of_all_hubs_are_delivered_after_it_and_nobody_starts_over()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        await carol.UntilQuietAsync();
        var blocks = network.Hubs.SelectMany(hub => BlocksOf(hub, carol)).ToList();
        foreach (var hub in network.Hubs)
        {
            hub.Disk.Kill();
            hub.Restart(keepState: true);
            Assert.Equal(["carol", "celia"], hub.Engine.GetClients().Select(client => client.Name.Value));
        }

        await AssertHealsAsync(network, carol, celia);

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.Equal(blocks, network.Hubs.SelectMany(hub => BlocksOf(hub, carol)));
    }

    [Fact]
    public async Task A_client_that_lost_its_disk_begins_anew()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var blocks = network.Hubs.SelectMany(hub => BlocksOf(hub, carol)).ToHashSet();

        await carol.RestartAsync();

        await AssertHealsAsync(network, carol, celia);
        Assert.Empty(network.Hubs.SelectMany(hub => BlocksOf(hub, carol)).Intersect(blocks));
    }

    [Fact]
    public async Task A_hub_that_lost_its_disk_costs_its_own_links_only()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var others = network.Hubs.Skip(1).SelectMany(hub => BlocksOf(hub, carol)).ToList();

        network.Hubs[0].Restart();

        await AssertHealsAsync(network, carol, celia);
        Assert.Equal(others, network.Hubs.Skip(1).SelectMany(hub => BlocksOf(hub, carol)));
    }

    [Fact]
    public async Task Invariant_1_A_client_restored_from_an_older_copy_gives_up_what_it_has_and_says_so()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var copy = carol.Disk.Copy();
        await UseSomeAsync(network, carol, celia);

        await carol.RestoreAsync(copy);

        await AssertHealsAsync(network, carol, celia);
        Assert.All(carol.Engine.Links, link => Assert.True(link.WasSetBack));
        Assert.All(celia.Engine.Links, link => Assert.False(link.WasSetBack));
    }

    [Fact]
    public async Task Invariant_1_A_hub_restored_from_an_older_copy_gives_up_what_it_has_and_says_so()
    {
        using var alarms = new CounterRecorder(HubDiagnostics.SourceName, "dske.hub.set_back");
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var copy = network.Hubs[0].Disk.Copy();
        var old = BlocksOf(network.Hubs[0], carol).ToHashSet();
        await UseSomeAsync(network, carol, celia);

        network.Hubs[0].Restore(copy);

        await AssertHealsAsync(network, carol, celia);
        Assert.Superset(
            new HashSet<object?> { "carol", "celia" },
            alarms.Measurements.Where(alarm => alarm.Tags["dske.hub"] is "hank").Select(alarm => alarm.Tags["dske.client"]).ToHashSet());
        Assert.Empty(BlocksOf(network.Hubs[0], carol).Intersect(old));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_block_that_got_lost_during_enrolment_is_made_up_for(int lost)
    {
        await using var network = new InMemoryNetwork(Settings);
        network.Hubs[0].LoseBlocks(lost);
        var carol = network.AddClient("carol", Protocol.Messages.Dialect.Guide, "sam");
        var celia = network.AddClient("celia", Protocol.Messages.Dialect.Guide, "serena");

        await AssertHealsAsync(network, carol, celia);
    }

    [Fact]
    public async Task A_later_block_that_got_lost_is_made_up_for_and_given_up_by_the_hub()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        network.Hubs[0].LoseBlocks(1);
        for (var i = 0; i < 200; i++)
        {
            await network.RunAsync(carol.EstablishAsync("serena"));
        }

        await AssertHealsAsync(network, carol, celia);
        Assert.Equal(BlocksOf(network.Hubs[0], carol).Order(), BlocksOf(carol.Link(0)).Order());
    }

    [Theory]
    [InlineData(PoolOwner.Client)]
    [InlineData(PoolOwner.Hub)]
    public async Task Whoever_fetches_blocks_in_a_clients_name_gets_none_into_use_and_keeps_the_client_from_nothing(PoolOwner owner)
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var stolen = new HashSet<Guid>();
        for (var i = 0; i < 250; i++)
        {
            using var block = network.Hubs[0].Engine.IssuePsrd("carol", owner, network.Settings.Psrd.BlockSize, out var _);
            stolen.Add(block!.BlockUuid);
            await network.RunAsync(carol.EstablishAsync("serena"));
            var status = network.Hubs[0].Engine.GetClients().Single(client => client.Name == carol.Name);
            Assert.All(
                [status.ClientOwned, status.HubOwned],
                pool => Assert.InRange(pool.Count(known => !known.IsConfirmed), 0, network.Settings.HubLimits.MaxPendingBlocks));
            Assert.DoesNotContain(status.ClientOwned.Concat(status.HubOwned), known => known.IsConfirmed && stolen.Contains(known.BlockId));
        }

        await AssertHealsAsync(network, carol, celia);
        Assert.All(stolen, block => Assert.Equal(0, network.Audit.CountUsed(block)));

        network.Time.Advance(network.Settings.HubLimits.PendingTime + TimeSpan.FromSeconds(1));
        network.Hubs[0].Engine.Sweep();
        Assert.All(network.Hubs[0].Engine.GetClients(), client => Assert.All(client.ClientOwned.Concat(client.HubOwned), known => Assert.True(known.IsConfirmed)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sync_that_got_lost_is_made_up_for(bool arrives)
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        network.Hubs[0].InjectIntoSyncs(arrives ? Faults.DropAnswer : Faults.Unreachable);
        Assert.False(await carol.Link(0).WantSync());
        network.Heal();

        await AssertHealsAsync(network, carol, celia);
        Assert.False(carol.Link(0).WasSetBack);
    }

    [Fact]
    public async Task A_sync_that_is_delayed_past_a_later_one_or_recorded_before_a_restart_is_refused()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var gate = new Gate();
        network.Hubs[0].InjectIntoSyncs(Faults.HoldMessage(gate));
        var delayed = carol.Link(0).WantSync();
        await gate.UntilWaitingAsync(1);
        var recorded = network.Hubs[0].Syncs.Last();
        network.Time.Advance(Settings.ClientLimits.HubTimeout);
        Assert.False(await delayed);
        network.Heal();
        Assert.True(await network.RunAsync(carol.Link(0).WantSync()), "There is no later sync.");
        await AssertHealsAsync(network, carol, celia);

        Assert.Equal(DskeError.SyncOutOfTurn, network.Hubs[0].Engine.Sync(recorded.Request.Query, hasBody: false, recorded.Request.Signature).Error);

        var after = network.Hubs[0].Syncs.Last();
        network.Hubs[0].Restart(keepState: true);
        Assert.NotNull(network.Hubs[0].Engine.Sync(after.Request.Query, hasBody: false, after.Request.Signature).Error);
        Assert.All(network.Hubs[0].Engine.GetClients(), client => Assert.False(client.IsSynced));
        await AssertHealsAsync(network, carol, celia);
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task One_forged_packet_costs_nothing_and_changes_nothing(DskeError error)
    {
        using var alarms = new CounterRecorder(ClientMetrics.SourceName, "dske.client.set_back");
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var blocks = network.Hubs.SelectMany(hub => BlocksOf(hub, carol)).ToList();
        var sessions = carol.Engine.Links.Select(link => link.Session).ToList();

        network.Hubs[0].Inject(Faults.Once(Faults.ReplaceByForged(error)));
        await network.RunAsync(carol.EstablishAsync("serena"));
        network.Hubs[0].InjectIntoSyncs(Faults.Once(Faults.ReplaceByForged(error)));
        await network.RunAsync(carol.Link(0).WantSync());
        network.Heal();

        await AssertHealsAsync(network, carol, celia);
        Assert.Empty(blocks.Except(network.Hubs.SelectMany(hub => BlocksOf(hub, carol))));
        Assert.Equal(sessions, carol.Engine.Links.Select(link => link.Session));
        Assert.All(carol.Engine.Links, link => Assert.False(link.WasSetBack));
        Assert.All(network.Hubs, hub => Assert.All(hub.Engine.GetClients(), client => Assert.False(client.WasSetBack)));
    }

    public static TheoryData<DskeError> Errors() => [.. Enum.GetValues<DskeError>()];

    [Fact]
    public async Task The_reserve_lets_a_drained_link_agree_again()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        foreach (var hub in network.Hubs)
        {
            hub.OutOfBandFailure = new IOException("The courier is ill.");
        }

        while ((await network.RunAsync(carol.EstablishAsync("serena"))).Outcome == KeyOutcome.Ok)
        {
            Assert.InRange(carol.Link(0).Session!.ClientOwned.AvailableBytes, 0, long.MaxValue);
        }

        Assert.InRange(carol.Link(0).Session!.ClientOwned.AvailableBytes, 32, PsrdReserve.MaxBytes + 64);
        network.Heal();
        var blocks = BlocksOf(network.Hubs[0], carol);

        await AssertHealsAsync(network, carol, celia);
        Assert.Subset(BlocksOf(network.Hubs[0], carol).ToHashSet(), blocks.ToHashSet());
    }

    [Theory]
    [InlineData(6 * 1024 * 1024)]
    [InlineData(256 * 1024)]
    public async Task A_client_that_got_too_far_ahead_on_messages_that_were_lost_heals_by_a_sync(int blockSize)
    {
        var (network, carol, celia) = await StartAsync(Settings with { HasDisks = false, Psrd = new PsrdTargets(blockSize, blockSize / 2, blockSize) });
        await using var _ = network;
        network.Hubs[0].Inject(Faults.Unreachable);
        var instance = carol.Link(0).Session;
        for (var lost = 0L; lost <= PeerPool.MaxJump; lost += 65536)
        {
            await network.RunAsync(carol.EstablishAsync("serena", 65536));
        }

        network.Heal();
        await network.RunAsync(carol.EstablishAsync("serena"));

        await AssertHealsAsync(network, carol, celia);
        Assert.Same(instance, carol.Link(0).Session);
        Assert.False(carol.Link(0).WasSetBack);
    }

    [Fact]
    public async Task A_block_that_its_owner_used_up_goes_at_the_other_end_too_though_it_has_holes_there()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;
        var first = carol.Link(0).Session!.ClientOwned.GetStatus()[0].BlockId;
        network.Hubs[0].Inject(Faults.Once(Faults.Unreachable));
        for (var i = 0; i < 300; i++)
        {
            await network.RunAsync(carol.EstablishAsync("serena"));
        }

        Assert.DoesNotContain(first, BlocksOf(carol.Link(0)));
        await carol.Link(0).WantSync();
        Assert.Contains(first, BlocksOf(network.Hubs[0], carol));
        network.Time.Advance(PeerPool.UnlistedTime);
        await network.UntilAtRestAsync();
        await carol.Link(0).WantSync();

        Assert.DoesNotContain(first, BlocksOf(network.Hubs[0], carol));
        await AssertHealsAsync(network, carol, celia);
    }

    private static async Task<(InMemoryNetwork Network, InMemoryClient Carol, InMemoryClient Celia)> StartAsync(NetworkSettings? settings = null)
    {
        var started = await InMemoryNetwork.StartAsync(settings ?? Settings);
        await started.Network.UntilAtRestAsync();
        return started;
    }

    /// <summary>More than a window of each pool.</summary>
    private static async Task UseSomeAsync(InMemoryNetwork network, InMemoryClient carol, InMemoryClient celia)
    {
        for (var i = 0; i < 10; i++)
        {
            var key = EstablishedKey.Of(await network.RunAsync(carol.EstablishAsync("serena", 100)));
            EstablishedKey.Of(await network.RunAsync(celia.FetchAsync("sam", [key.Id])));
            key = EstablishedKey.Of(await network.RunAsync(celia.EstablishAsync("sam", 100)));
            EstablishedKey.Of(await network.RunAsync(carol.FetchAsync("serena", [key.Id])));
        }
    }

    /// <summary>Within ten seconds every link is in agreement and full, and keys pass over all of them, both ways.</summary>
    private static async Task AssertHealsAsync(InMemoryNetwork network, InMemoryClient carol, InMemoryClient celia)
    {
        var links = new[] { carol, celia }.SelectMany(client => client.Engine.Links.Select(link => (client, link))).ToList();
        Assert.True(await network.PassUntilAsync(() => links.All(entry => IsWell(network, entry.client, entry.link)), HealsWithin), "It did not heal.");
        await PassKeyAsync(carol, "serena", celia, "sam");
        await PassKeyAsync(celia, "sam", carol, "serena");
        Assert.Empty(network.Audit.Violations);

        async Task PassKeyAsync(InMemoryClient maker, string slave, InMemoryClient fetcher, string master)
        {
            var key = EstablishedKey.Of(await network.RunAsync(maker.EstablishAsync(slave)));
            Assert.Equal(key.Bytes, EstablishedKey.Of(await network.RunAsync(fetcher.FetchAsync(master, [key.Id]))).Bytes);
            Assert.All(network.Hubs, hub => Assert.Equal([200, 200], hub.Exchanges.Where(exchange => exchange.KeyId == key.Id).Select(exchange => exchange.Received?.Status ?? 0)));
        }
    }

    private static bool IsWell(InMemoryNetwork network, InMemoryClient client, HubLink link)
        => link is { IsUsable: true, Session: { } session }
            && session.HubInstance == network.Hubs[link.Index].Instance
            && network.Hubs[link.Index].Engine.GetClients().Any(known => known.Name == client.Name && known.IsSynced)
            && link.Available(PoolOwner.Client) >= link.Settings.RefillBelow
            && link.Available(PoolOwner.Hub) >= link.Settings.RefillBelow;

    private static List<Guid> BlocksOf(InMemoryHub hub, InMemoryClient client)
        => [.. hub.Engine.GetClients().Where(known => known.Name == client.Name).SelectMany(known => known.ClientOwned.Concat(known.HubOwned)).Select(block => block.BlockId)];

    private static List<Guid> BlocksOf(HubLink link)
        => [.. link.Session!.ClientOwned.GetStatus().Concat(link.Session!.HubOwned.GetStatus()).Select(block => block.BlockId)];

    private static long UnusedOf(InMemoryHub hub, InMemoryClient client)
        => hub.Engine.GetClients().Where(known => known.Name == client.Name).SelectMany(known => known.ClientOwned.Concat(known.HubOwned)).Sum(block => block.UnusedBytes);
}
