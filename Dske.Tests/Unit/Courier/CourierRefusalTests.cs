using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>Files that do not count, at either end, and leave nothing.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierRefusalTests
{
    private static readonly NetworkSettings OnDisks = new() { HasDisks = true };

    [Fact]
    public async Task A_file_counts_once_and_other_files_not_at_all()
    {
        var (network, carol, celia) = await Couriers.StartAsync(OnDisks);
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
    public async Task A_file_that_was_abandoned_is_refused_and_one_in_use_cannot_be()
    {
        var (network, carol, _) = await Couriers.StartAsync(OnDisks);
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
    public void A_file_of_gigabytes_is_cut_into_blocks()
    {
        var blocks = CourierBlocks.Divide((5L << 30) + 1, new SecretSharing.SeededEntropySource(1));

        Assert.Equal(2 * 21, blocks.Count);
        Assert.All(new[] { PoolOwner.Client, PoolOwner.Hub }, owner => Assert.Equal((5L << 30) + 1, blocks.Where(block => block.Owner == owner).Sum(block => block.Size)));
        Assert.All(blocks, block => Assert.InRange(block.Size, 1, Dske.Protocol.Courier.CourierBlock.MaxSize));
    }

    private static string Content(InMemoryClient client) => string.Join(' ', client.Disk.State.LoadImports().OrderBy(import => import.File).Select(import => import.File))
        + string.Join(' ', client.Engine.Links.SelectMany(link => client.Disk.Psrd.Open(new PsrdPoolKey(link.Hub, PoolOwner.Client))).Select(block => $"{block.Id}:{block.Floor}").Order());
}
