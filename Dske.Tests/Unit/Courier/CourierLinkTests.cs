using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>Links that begin with files and live on files. Everything that goes over the wire is read along: no byte is used twice.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierLinkTests
{
    private static readonly NetworkSettings OnDisks = new() { HasDisks = true };

    [Fact]
    public async Task Without_any_route_out_of_band_keys_pass_on_files_alone()
    {
        var (network, carol, celia) = await StartAsync();
        await using var _ = network;

        await carol.PassKeyAsync("serena", celia, "sam");
        await celia.PassKeyAsync("sam", carol, "serena");

        Assert.All(network.Hubs, hub =>
        {
            Assert.Equal(0, hub.Registrations);
            Assert.Equal(0, hub.BlocksIssued);
            Assert.Empty(hub.Engine.GetExports());
            Assert.All(hub.Engine.GetClients(), client => Assert.True(client is { IsNative: true, IsSynced: true }));
        });
    }

    [Fact]
    public async Task Nothing_is_sent_before_a_file_has_come()
    {
        await using var network = new InMemoryNetwork();
        var carol = network.AddCourieredClient("carol", "sam");
        await network.PassAsync(TimeSpan.FromMinutes(1));

        Assert.All(network.Hubs, hub => Assert.Empty(hub.Syncs));
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
    }

    [Fact]
    public async Task Hubs_and_clients_start_again_and_go_on()
    {
        var (network, carol, celia) = await StartAsync(OnDisks);
        await using var _ = network;

        foreach (var hub in network.Hubs)
        {
            hub.Restart(keepState: true);
        }

        await UntilUsableSoonAsync(network, carol, celia);
        await carol.PassKeyAsync("serena", celia, "sam");
        await carol.RestartAsync(keepState: true);
        await network.UntilUsableAsync(carol);
        await carol.PassKeyAsync("serena", celia, "sam");
    }

    [Fact]
    public async Task Both_may_start_again_between_a_file_and_its_import()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var files = new List<byte[]>();
        foreach (var hub in network.Hubs)
        {
            files.Add(await hub.ExportAsync(carol));
            hub.Restart(keepState: true);
        }

        await carol.RestartAsync(keepState: true);
        foreach (var file in files)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        // Before the first sync nothing is forgotten either.
        await carol.RestartAsync(keepState: true);
        network.Hubs[0].Restart(keepState: true);
        await network.UntilUsableAsync(carol);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_files_are_imported_in_either_order(bool reversed)
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        List<byte[]> files = [await hub.ExportAsync(carol), await hub.ExportAsync(carol)];
        if (reversed)
        {
            files.Reverse();
        }

        Assert.Null(await carol.ImportAsync(files[0]));
        await network.UntilUsableAsync(carol, 0);
        Assert.Null(await carol.ImportAsync(files[1]));
        await network.PassAsync(TimeSpan.FromSeconds(6));
        AssertHas(carol, hub, 2 * Couriers.Size);

        List<byte[]> refills = [await hub.ExportAsync(carol), await hub.ExportAsync(carol)];
        if (reversed)
        {
            refills.Reverse();
        }

        hub.Restart(keepState: true);
        foreach (var file in refills)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        await network.PassAsync(TimeSpan.FromSeconds(6));
        AssertHas(carol, hub, 4 * Couriers.Size);
        Assert.Empty(hub.Engine.GetExports());
    }

    [Fact]
    public async Task A_file_counts_once_and_other_files_not_at_all()
    {
        var (network, carol, celia) = await StartAsync(OnDisks);
        await using var _ = network;
        var file = await network.Hubs[0].ExportAsync(carol);
        var before = Content(carol);

        Assert.Equal(DskeError.CourierFileNotOurs, await celia.ImportAsync(file));
        Assert.Equal(DskeError.CourierSecretWrong, await carol.ImportAsync(file, key: 8));
        Assert.Equal(DskeError.CourierFileDamaged, await carol.ImportAsync(file[..^1]));
        Assert.Equal(DskeError.CourierSecretWrong, await carol.ImportAsync([.. file[..^1], (byte)(file[^1] ^ 1)]));
        Assert.Equal(DskeError.CourierFileMalformed, await carol.ImportAsync([1, 2, 3]));
        Assert.Equal(before, Content(carol));

        Assert.Null(await carol.ImportAsync(file));
        var after = Content(carol);
        Assert.Equal(DskeError.CourierFileImported, await carol.ImportAsync(file));
        await carol.RestartAsync(keepState: true);
        Assert.Equal(DskeError.CourierFileImported, await carol.ImportAsync(file));
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task What_a_hub_that_lost_its_disk_made_before_is_refused()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        var file = await hub.ExportAsync(carol);
        hub.Restart();

        Assert.Equal(DskeError.CourierHubInstance, await carol.ImportAsync(file));

        // A new one from what the hub is now begins the link, though the client had one with what it was.
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);
        hub.Restart();
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        await network.PassAsync(TimeSpan.FromSeconds(6));
        await network.UntilUsableAsync(carol, 0);
    }

    [Fact]
    public async Task A_client_that_lost_its_disk_cannot_use_its_files_again_but_new_ones()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        var first = await hub.ExportAsync(carol);
        Assert.Null(await carol.ImportAsync(first));
        await network.UntilUsableAsync(carol, 0);
        var refill = await hub.ExportAsync(carol);
        await carol.RestartAsync();

        Assert.Equal(DskeError.CourierFileNotAwaited, await carol.ImportAsync(first));
        Assert.Equal(DskeError.CourierClientInstance, await carol.ImportAsync(refill));
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol, anew: true)));
        await network.UntilUsableAsync(carol, 0);
        Assert.Empty(hub.Engine.GetExports());
    }

    [Fact]
    public async Task Without_the_hub_nothing_is_imported()
    {
        await using var network = new InMemoryNetwork();
        var carol = network.AddCourieredClient("carol", "sam");
        var file = await network.Hubs[0].ExportAsync(carol);
        network.Hubs[0].IsReachable = false;

        Assert.Equal(DskeError.CourierHubUnreachable, await carol.ImportAsync(file));
        network.Heal();
        Assert.Null(await carol.ImportAsync(file));
    }

    [Fact]
    public async Task The_answer_to_the_first_sync_may_get_lost()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.DropAnswer);
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        Assert.True(await network.PassUntilAsync(() => hub.Syncs.Count > 2, TimeSpan.FromSeconds(30)));
        await carol.RestartAsync(keepState: true);
        network.Heal();

        await network.UntilUsableAsync(carol, 0);
    }

    [Fact]
    public async Task A_file_that_was_abandoned_is_refused_and_one_in_use_cannot_be()
    {
        var (network, carol, _) = await StartAsync(OnDisks);
        await using var disposed = network;
        var hub = network.Hubs[0];
        var file = await hub.ExportAsync(carol);
        var record = Assert.Single(hub.Engine.GetExports());

        Assert.NotNull(hub.Engine.AbandonExport(record.File));
        Assert.Null(hub.Engine.AbandonExport(record.File));
        Assert.Equal(DskeError.CourierFileNotAwaited, await carol.ImportAsync(file));

        var other = await hub.ExportAsync(carol);
        var used = Assert.Single(hub.Engine.GetExports());
        Assert.Null(await carol.ImportAsync(other));
        await network.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Null(hub.Engine.AbandonExport(used.File));
    }

    [Fact]
    public async Task Of_a_file_that_is_not_completed_nothing_is_left()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];

        using (hub.Begin(carol, Couriers.Size, anew: false, out _))
        {
            Assert.NotEmpty(hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Client)));
        }

        AssertEmpty();

        // Nor when the hub stops in the middle of it.
        hub.Begin(carol, Couriers.Size, anew: false, out _);
        hub.Restart(keepState: true);
        AssertEmpty();

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => hub.Engine.BeginExport(new CourierOrder("carol", [], Couriers.Size, false), out _, cancelled.Token));
        AssertEmpty();

        void AssertEmpty()
        {
            Assert.Empty(hub.Engine.GetExports());
            Assert.Empty(hub.Disk.State.LoadExports());
            Assert.Empty(hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Client)));
            Assert.Empty(hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Hub)));
        }
    }

    [Fact]
    public async Task A_link_that_has_used_up_everything_is_refilled_by_a_file()
    {
        var (network, carol, celia) = await StartAsync(OnDisks, size: 4096);
        await using var _ = network;
        while ((await carol.EstablishAsync("serena", size: 512)).Outcome == KeyOutcome.Ok)
        {
            await carol.UntilQuietAsync();
        }

        await network.SupplyAsync(carol);
        await network.PassAsync(TimeSpan.FromSeconds(6));
        await network.UntilUsableAsync(carol);

        Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena")).Outcome);
        await network.SupplyAsync(celia);
        await network.PassAsync(TimeSpan.FromSeconds(6));
        await carol.PassKeyAsync("serena", celia, "sam");
    }

    [Fact]
    public async Task A_link_with_nothing_at_all_left_to_sign_with_is_refilled_by_a_file()
    {
        var (network, carol, _) = await StartAsync(OnDisks, size: 4096);
        await using var disposed = network;
        var pool = carol.Link(0).Session!.ClientOwned;
        pool.TryAllocate(new byte[pool.AvailableBytes - 40], new byte[32], out var _, out var _, fromReserve: true);
        Assert.True(pool.AvailableBytes < 32);

        Assert.Null(await carol.ImportAsync(await network.Hubs[0].ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);
        AssertAbout(Couriers.Size, carol.Link(0).Session!.ClientOwned.AvailableBytes);
    }

    [Fact]
    public async Task A_file_may_begin_a_link_anew_that_is_in_use()
    {
        var (network, carol, celia) = await StartAsync(OnDisks);
        await using var _ = network;
        var old = carol.Disk.Psrd.Open(new PsrdPoolKey(network.Hubs[0].Name, PoolOwner.Client)).Select(block => block.Id).ToHashSet();
        await carol.PassKeyAsync("serena", celia, "sam");

        await network.SupplyAsync(carol, anew: true);
        await UntilUsableSoonAsync(network, carol, celia);
        await carol.PassKeyAsync("serena", celia, "sam");

        Assert.DoesNotContain(carol.Disk.Psrd.Open(new PsrdPoolKey(network.Hubs[0].Name, PoolOwner.Client)), block => old.Contains(block.Id));
        Assert.DoesNotContain(network.Hubs[0].Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Client)), block => old.Contains(block.Id));
    }

    [Fact]
    public async Task Files_refill_links_that_clients_register_themselves()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(OnDisks);
        await using var _ = network;
        var hub = network.Hubs[0];
        var before = carol.Link(0).Session!.ClientOwned.AvailableBytes;

        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol, 1 << 20)));
        Assert.Equal(DskeError.CourierNotWanted, await carol.ImportAsync(await hub.ExportAsync(carol, anew: true)));
        await network.PassAsync(TimeSpan.FromSeconds(6));

        AssertAbout(before + (1 << 20), carol.Link(0).Session!.ClientOwned.AvailableBytes);
        await carol.PassKeyAsync("serena", celia, "sam");
    }

    [Fact]
    public async Task A_file_that_is_under_way_keeps_no_client_from_what_it_fetches()
    {
        var settings = OnDisks with { HubLimits = OnDisks.HubLimits with { MaxPoolBytes = 40 * 1024, MaxBlockSize = 16 * 1024 } };
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(settings);
        await using var _ = network;
        await network.Hubs[0].ExportAsync(carol, 1 << 20);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena", size: 2048)).Outcome);
            await network.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.True(carol.Link(0).IsUsable);
        Assert.NotNull(celia);
    }

    [Fact]
    public async Task Limits_are_told_before_anything_is_made()
    {
        var settings = OnDisks with { HubLimits = OnDisks.HubLimits with { MaxCourierBytes = 1 << 20, MaxBlocksPerPool = 64 } };
        await using var network = new InMemoryNetwork(settings);
        var carol = network.AddCourieredClient("carol", "sam");
        var celia = network.AddCourieredClient("celia", "sam");
        var hub = network.Hubs[0];

        Assert.Equal(DskeError.PsrdSizeOutOfRange, Refusal(carol, 4095));
        Assert.Equal(DskeError.PsrdSizeOutOfRange, Refusal(carol, (1 << 20) + 1));
        for (var i = 0; i < 32; i++)
        {
            await hub.ExportAsync(carol, 4096);
        }

        Assert.Equal(DskeError.PsrdLimitReached, Refusal(carol, 4096));
        Assert.Equal(32, hub.Engine.GetExports().Count);
        foreach (var export in hub.Engine.GetExports().Take(31))
        {
            hub.Engine.AbandonExport(export.File);
        }

        Assert.Equal(DskeError.PsrdLimitReached, Refusal(carol, 1 << 20));
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);
        Assert.Equal(DskeError.SaeClaimedElsewhere, Refusal(celia, 4096));

        DskeError? Refusal(InMemoryClient client, long size)
        {
            Assert.Null(hub.Begin(client, size, anew: false, out var error));
            return error;
        }
    }

    [Fact]
    public async Task A_file_of_gigabytes_is_cut_into_blocks()
    {
        var blocks = CourierBlocks.Divide((5L << 30) + 1, new SecretSharing.SeededEntropySource(1));

        Assert.Equal(2 * 21, blocks.Count);
        Assert.All(new[] { PoolOwner.Client, PoolOwner.Hub }, owner => Assert.Equal((5L << 30) + 1, blocks.Where(block => block.Owner == owner).Sum(block => block.Size)));
        Assert.All(blocks, block => Assert.InRange(block.Size, 1, Dske.Protocol.Courier.CourierBlock.MaxSize));
        await Task.CompletedTask;
    }

    private static async Task<(InMemoryNetwork Network, InMemoryClient Carol, InMemoryClient Celia)> StartAsync(NetworkSettings? settings = null, long size = Couriers.Size)
    {
        var network = new InMemoryNetwork(settings);
        var (carol, celia) = (network.AddCourieredClient("carol", "sam"), network.AddCourieredClient("celia", "serena"));
        await network.SupplyAsync(carol, size);
        await network.SupplyAsync(celia, size);
        await UntilUsableSoonAsync(network, carol, celia);
        return (network, carol, celia);
    }

    private static async Task UntilUsableSoonAsync(InMemoryNetwork network, params InMemoryClient[] clients)
    {
        await network.PassAsync(TimeSpan.FromSeconds(6));
        foreach (var client in clients)
        {
            await network.UntilUsableAsync(client);
        }
    }

    /// <summary>Both ends have what the files brought, but for what syncs have taken and what a start has forfeited.</summary>
    private static void AssertHas(InMemoryClient client, InMemoryHub hub, long size)
    {
        var session = client.Link(hub.Index).Session!;
        AssertAbout(size, session.ClientOwned.AvailableBytes);
        AssertAbout(size, session.HubOwned.AvailableBytes);
        var atHub = hub.Engine.GetClients().Single(entry => entry.Name == client.Name);
        Assert.All(atHub.ClientOwned.Concat(atHub.HubOwned), block => Assert.True(block.IsConfirmed));
        AssertAbout(size, atHub.HubOwned.Sum(block => block.UnusedBytes));
    }

    private static void AssertAbout(long expected, long actual) => Assert.InRange(actual, expected - 6144, expected);

    private static string Content(InMemoryClient client) => string.Join(' ', client.Disk.State.LoadImports().OrderBy(import => import.File).Select(import => import.File))
        + string.Join(' ', client.Engine.Links.SelectMany(link => client.Disk.Psrd.Open(new PsrdPoolKey(link.Hub, PoolOwner.Client))).Select(block => $"{block.Id}:{block.Floor}").Order());
}
