using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Courier;

/// <summary>Couriered files and links while machines lose power, disks fail and hubs refuse. No byte is used twice, and no file is burnt.</summary>
[Trait("Tier", "Unit")]
public sealed class CourierFaultTests
{
    private static readonly NetworkSettings OnDisks = new() { Hubs = 3, Threshold = 2, HasDisks = true };

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task A_loss_of_power_at_any_step_of_the_first_sync_burns_no_file(bool atHub, int seed)
    {
        var step = 0;
        while (await SyncFirstAsync(atHub, seed, step))
        {
            step++;
        }

        Assert.InRange(step, 4, int.MaxValue);
    }

    [Fact]
    public async Task A_disk_that_fails_at_any_step_of_an_import_leaves_it_done_or_not_done()
    {
        var step = 0;
        while (await ImportAnewAsync(step))
        {
            step++;
        }

        Assert.InRange(step, 10, int.MaxValue);
    }

    [Fact]
    public async Task A_hub_that_refuses_for_long_costs_a_signing_key_each_time_and_no_more()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.Forge(DskeError.SaeClaimedElsewhere));
        List<byte[]> files = [await hub.ExportAsync(carol, 4096), await hub.ExportAsync(carol, 4096)];
        foreach (var file in files)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        Assert.True(await network.PassUntilAsync(() => hub.Syncs.Count >= 32, TimeSpan.FromMinutes(5)));
        var spent = 8192 - carol.Link(0).Session!.ClientOwned.GetStatus().Sum(block => block.UnusedBytes);

        // Whole windows are leased, each of them used up before the next one.
        Assert.InRange(spent, 1024, (hub.Syncs.Count * 32) + WindowGrid.MinWindow);
        network.Heal();
        await network.UntilUsableAsync(carol, 0);
    }

    [Fact]
    public async Task Of_two_files_the_hub_may_have_abandoned_the_first()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.Unreachable);
        List<byte[]> files = [await hub.ExportAsync(carol), await hub.ExportAsync(carol)];
        foreach (var file in files)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        Assert.NotNull(hub.Engine.AbandonExport(hub.Engine.GetExports()[0].File));
        network.Heal();
        await network.UntilUsableAsync(carol, 0);
        Assert.Empty(hub.Engine.GetExports());
    }

    [Fact]
    public async Task The_instance_itself_does_not_cross_the_wire()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);

        Assert.Contains(hub.Syncs, sync => sync.Request.Query.Contains("&instance=", StringComparison.Ordinal));
        Assert.DoesNotContain(hub.Syncs, sync => sync.Request.Query.Contains(carol.Instance.ToString("D"), StringComparison.OrdinalIgnoreCase));
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
    }

    [Fact]
    public void A_block_of_the_same_name_keeps_no_client_from_starting()
    {
        using var store = new InMemoryPsrdStore();
        var state = new InMemoryClientStateStore(new SeededEntropySource(1));
        var (hub, brought, foreign) = (NodeName.Parse("hank"), Guid.Parse("11111111-2222-4333-8444-555555555555"), Guid.Parse("66666666-7777-4888-9999-aaaaaaaaaaaa"));
        var pool = new PsrdPoolKey(hub, PoolOwner.Client);
        store.Add(pool, brought, new byte[64], confirmed: false);
        store.Add(pool, foreign, new byte[64]);
        CourieredBlock[] blocks = [new(PoolOwner.Client, brought, 64), new(PoolOwner.Client, foreign, 64)];
        state.SaveImport(new ImportRecord(CourierFiles.File, hub, DateTimeOffset.UnixEpoch, IsComplete: false, blocks), link: null);

        var imports = new CourierImports(store, state);

        Assert.Empty(state.LoadImports());
        Assert.Equal(foreign, Assert.Single(store.Open(pool)).Id);
        imports.Begin(new ImportRecord(CourierFiles.File, hub, DateTimeOffset.UnixEpoch, IsComplete: false, blocks));
        Assert.True(imports.Brings(hub, brought));
        Assert.False(imports.Brings(NodeName.Parse("helen"), brought));
    }

    [Fact]
    public async Task An_older_file_does_not_take_the_place_of_a_newer_one()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.Unreachable);
        var older = await hub.ExportAsync(carol);
        var newer = await hub.ExportAsync(carol, anew: true);

        Assert.Null(await carol.ImportAsync(newer));
        Assert.Equal(DskeError.CourierFileNotAwaited, await carol.ImportAsync(older));
        Assert.Single(hub.Engine.GetExports());
        network.Heal();
        await network.UntilUsableAsync(carol, 0);
    }

    [Fact]
    public async Task What_could_not_be_erased_goes_with_the_next_file()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        var power = ((SimulatedMachine<IHubStateStore>)hub.Disk).Power;
        var export = hub.Begin(carol, Couriers.Size, anew: false, out _)!;
        power.FailsAt = _ => true;
        export.Dispose();
        power.FailsAt = _ => false;
        Assert.Equal(export.File, Assert.Single(hub.Disk.State.LoadExports()).File);

        var file = await hub.ExportAsync(carol);

        Assert.NotEqual(export.File, Assert.Single(hub.Disk.State.LoadExports()).File);
        Assert.Single(hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Client)));
        Assert.Null(await carol.ImportAsync(file));
        await network.UntilUsableAsync(carol, 0);
    }

    [Fact]
    public async Task A_file_that_could_not_be_erased_is_abandoned_again()
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        var power = ((SimulatedMachine<IHubStateStore>)hub.Disk).Power;
        await hub.ExportAsync(carol);
        var file = Assert.Single(hub.Engine.GetExports()).File;
        var begun = power.Steps;
        power.FailsAt = step => step > begun;
        Assert.ThrowsAny<IOException>(() => hub.Engine.AbandonExport(file));
        power.FailsAt = _ => false;

        Assert.NotNull(hub.Engine.AbandonExport(file));
        Assert.Empty(hub.Disk.State.LoadExports());
        Assert.Empty(hub.Disk.Psrd.Open(new PsrdPoolKey(carol.Name, PoolOwner.Client)));
    }

    /// <summary>Begins a link with two files, and takes the power from one end at a step.</summary>
    /// <returns>Whether there was such a step.</returns>
    private static async Task<bool> SyncFirstAsync(bool atHub, int seed, int step)
    {
        await using var network = new InMemoryNetwork(OnDisks with { Seed = (seed * 1000) + step });
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        hub.InjectIntoSyncs(Faults.Unreachable);
        List<byte[]> files = [await hub.ExportAsync(carol), await hub.ExportAsync(carol)];
        foreach (var file in files)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        await network.UntilAtRestAsync();
        var power = atHub ? ((SimulatedMachine<IHubStateStore>)hub.Disk).Power : ((SimulatedMachine<IClientStateStore>)carol.Disk).Power;
        power.LossAt = power.Steps + step;
        network.Heal();
        Assert.True(await network.PassUntilAsync(() => !power.IsOn || carol.Link(0).IsUsable, TimeSpan.FromSeconds(30)));
        var happened = !power.IsOn;
        power.LossAt = null;
        if (happened && atHub)
        {
            hub.Restart(keepState: true);
        }
        else if (happened)
        {
            await carol.RestartAsync(keepState: true);
        }

        Assert.True(await network.PassUntilAsync(() => carol.Link(0).IsUsable, TimeSpan.FromMinutes(3)), $"Step {step} of seed {seed}.");
        await network.PassAsync(TimeSpan.FromSeconds(6));
        var session = carol.Link(0).Session!;
        Assert.InRange(session.ClientOwned.AvailableBytes, (2 * Couriers.Size) - 6144, 2 * Couriers.Size);
        Assert.InRange(session.HubOwned.AvailableBytes, (2 * Couriers.Size) - 6144, 2 * Couriers.Size);
        Assert.False(carol.Link(0).WasSetBack);
        Assert.Empty(hub.Engine.GetExports());
        return happened;
    }

    /// <summary>Begins a link anew while the client's disk fails at a step.</summary>
    /// <returns>Whether there was such a step before the import was over.</returns>
    private static async Task<bool> ImportAnewAsync(int step)
    {
        await using var network = new InMemoryNetwork(OnDisks);
        var carol = network.AddCourieredClient("carol", "sam");
        var hub = network.Hubs[0];
        Assert.Null(await carol.ImportAsync(await hub.ExportAsync(carol)));
        await network.UntilUsableAsync(carol, 0);
        var file = await hub.ExportAsync(carol, anew: true);
        var power = ((SimulatedMachine<IClientStateStore>)carol.Disk).Power;
        var failing = power.Steps + step;
        power.FailsAt = taken => taken == failing;
        try
        {
            Assert.Null(await carol.ImportAsync(file));
        }
        catch (IOException)
        {
            Assert.Null(await carol.ImportAsync(file));
        }

        var happened = power.Steps > failing;
        await network.PassAsync(TimeSpan.FromSeconds(6));
        await network.UntilUsableAsync(carol, 0);
        Assert.Empty(hub.Engine.GetExports());
        return happened;
    }
}
