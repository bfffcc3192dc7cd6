using Dske.Protocol.Clients;
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
        var (network, carol, celia) = await Couriers.StartAsync();
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
        var (network, carol, celia) = await Couriers.StartAsync(OnDisks);
        await using var _ = network;

        foreach (var hub in network.Hubs)
        {
            hub.Restart(keepState: true);
        }

        await network.UntilUsableSoonAsync(carol, celia);
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
        Couriers.AssertHas(carol, hub, 2 * Couriers.Size);

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
        Couriers.AssertHas(carol, hub, 4 * Couriers.Size);
        Assert.Empty(hub.Engine.GetExports());
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
}
