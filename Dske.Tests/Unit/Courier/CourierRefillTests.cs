using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>Files for links that are in use, or were.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierRefillTests
{
    private static readonly NetworkSettings OnDisks = new() { HasDisks = true };

    [Fact]
    public async Task A_link_that_has_used_up_everything_is_refilled_by_a_file()
    {
        var (network, carol, celia) = await Couriers.StartAsync(OnDisks, size: 4096);
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
        var (network, carol, _) = await Couriers.StartAsync(OnDisks, size: 4096);
        await using var disposed = network;
        var pool = carol.Link(0).Session!.ClientOwned;
        pool.TryAllocate(new byte[pool.AvailableBytes - 40], new byte[32], out var _, out var _, fromReserve: true);
        Assert.True(pool.AvailableBytes < 32);

        Assert.Null(await carol.ImportAsync(await network.Hubs[0].ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);
        Couriers.AssertAbout(Couriers.Size, carol.Link(0).Session!.ClientOwned.AvailableBytes);
    }

    [Fact]
    public async Task A_file_may_begin_a_link_anew_that_is_in_use()
    {
        var (network, carol, celia) = await Couriers.StartAsync(OnDisks);
        await using var _ = network;
        var old = carol.Disk.Psrd.Open(new PsrdPoolKey(network.Hubs[0].Name, PoolOwner.Client)).Select(block => block.Id).ToHashSet();
        await carol.PassKeyAsync("serena", celia, "sam");

        await network.SupplyAsync(carol, anew: true);
        await network.UntilUsableSoonAsync(carol, celia);
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

        Couriers.AssertAbout(before + (1 << 20), carol.Link(0).Session!.ClientOwned.AvailableBytes);
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
}
