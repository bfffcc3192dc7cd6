using Dske.Protocol.Clients;
using Dske.Protocol.Messages;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Hubs and clients that fail, come late, or come back with nothing: links mend by themselves.</summary>
[Trait("Tier", "Unit")]
public sealed class HealingTests
{
    private static readonly ClientLimits Limits = new();

    [Fact]
    public async Task Keys_pass_with_two_of_five_hubs_down()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Hubs[0].IsReachable = network.Hubs[3].IsReachable = false;

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Keys_pass_though_the_hubs_that_fail_are_not_the_same_at_both_ends()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.OnPost(Faults.Unreachable), 0);
        network.Inject(Faults.OnGet(Faults.Unreachable), 1);
        network.Inject(Faults.OnGet(Faults.DropAnswer), 2);
        network.Inject(Faults.OnPost(Faults.DropAnswer), 3);

        Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena")).Outcome);

        // Shares lie at hubs 1 to 4, of which only 3 and 4 can be asked; with one more the key is there.
        var id = network.Hubs[4].Exchanges.Single().KeyId;
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [id])).Outcome);
        network.Hubs[2].Heal();
        Assert.Equal(KeyOutcome.Ok, (await celia.FetchAsync("sam", [id])).Outcome);
    }

    [Fact]
    public async Task With_three_of_five_hubs_down_the_answer_comes_at_once_and_nothing_is_delivered()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        network.Inject(Faults.Unreachable, 1, 2, 4);

        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);

        network.Heal();
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_hub_that_lost_its_state_is_noticed_and_mended_within_one_exchange()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        await network.LeapAsync(Limits.MinRegistrationInterval);
        network.Hubs[0].Restart();
        network.Hubs[1].Restart();
        network.Hubs[2].Restart();

        // Celia has to register first: until then nobody has serena at these hubs.
        Assert.Equal(KeyOutcome.Ok, (await celia.EstablishAsync("serena")).Outcome);
        await celia.UntilQuietAsync();
        var key = await carol.EstablishKeyAsync("serena");
        await carol.UntilQuietAsync();

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.All(network.Hubs, hub =>
        {
            Assert.Equal(hub.Instance, carol.Link(hub.Index).Session!.HubInstance);
            Assert.Contains(hub.Engine.GetShares(10), share => share.KeyId == key.Id);
        });
    }

    [Fact]
    public async Task A_hub_that_lost_its_state_is_mended_without_any_traffic()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Hubs[0].Restart();
        network.Hubs[1].Restart();
        network.Hubs[2].Restart();

        await network.LeapAsync(Limits.RenewInterval);
        await Eventually.TrueAsync(() => new[] { carol, celia }.All(client => client.Engine.Links.All(
            link => link.Session!.HubInstance == network.Hubs[link.Index].Instance)), "all registered anew");
        await carol.UntilFullAsync();
        await celia.UntilFullAsync();

        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.All(network.Hubs, hub => Assert.Equal(2, hub.Exchanges.Count));
    }

    [Fact]
    public async Task A_client_that_lost_its_state_starts_over_with_new_pools()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        await carol.EstablishKeyAsync("serena");
        var before = BlocksOf(network, "carol");

        await carol.RestartAsync();
        await carol.UntilFullAsync();

        Assert.Empty(before.Intersect(BlocksOf(network, "carol")));
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Renewing_a_registration_keeps_the_pools_of_both_ends()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var (blocks, sessions) = (BlocksOf(network, "carol"), carol.Engine.Links.Select(link => link.Session).ToList());
        var registrations = network.Hubs.Select(hub => hub.Registrations).ToList();

        for (var i = 0; i < 3; i++)
        {
            await network.Time.UntilTimersRunAsync(Limits.RenewInterval, 10);
            await network.LeapAsync(Limits.RenewInterval);
        }

        await Eventually.TrueAsync(() => network.Hubs.Zip(registrations).All(pair => pair.First.Registrations == pair.Second + 6), "all renewed three times");
        Assert.Equal(blocks, BlocksOf(network, "carol"));
        Assert.Equal(sessions, carol.Engine.Links.Select(link => link.Session));
    }

    [Fact]
    public async Task Hubs_that_come_up_late_are_taken_in_as_soon_as_they_do()
    {
        await using var network = new InMemoryNetwork();
        foreach (var hub in network.Hubs)
        {
            hub.IsReachable = hub.Index == 0;
        }

        var carol = network.AddClient("carol", Dialect.Reference, "sam");
        var celia = network.AddClient("celia", Dialect.Reference, "serena");
        Assert.False(carol.Engine.IsReady);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);

        await network.UntilAtRestAsync();
        network.Heal();
        network.Time.Advance(Limits.MinRetryPause);
        await carol.UntilFullAsync();
        await celia.UntilFullAsync();

        Assert.True(carol.Engine.IsReady);
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_hub_that_stays_away_is_tried_at_growing_intervals_up_to_a_limit()
    {
        await using var network = new InMemoryNetwork();
        network.Hubs[0].IsReachable = false;
        var carol = network.AddClient("carol", Dialect.Reference, "sam");
        await carol.UntilFullAsync(1, 2, 3, 4);

        foreach (var pause in new[] { 0.2, 0.4, 0.8, 1.6, 2, 2 }.Select(TimeSpan.FromSeconds))
        {
            await network.Time.UntilTimersRunAsync(pause);
            network.Time.Advance(pause);
        }

        network.Hubs[0].IsReachable = true;
        await network.Time.UntilTimersRunAsync(Limits.MaxRetryPause);
        network.Time.Advance(Limits.MaxRetryPause);
        await carol.UntilFullAsync();
    }

    [Fact]
    public async Task A_registration_that_got_lost_is_made_up_for_though_nobody_asks_again()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        await network.LeapAsync(Limits.MinRegistrationInterval);
        network.Hubs[0].Restart();
        network.Hubs[0].OutOfBandGate = new Gate();
        var making = carol.EstablishAsync("serena");
        await network.Hubs[0].OutOfBandGate!.UntilWaitingAsync(1);
        network.Hubs[0].IsReachable = false;
        network.Hubs[0].OutOfBandGate!.Open();
        Assert.Equal(KeyOutcome.Ok, (await making).Outcome);

        await network.Time.UntilTimersRunAsync(Limits.MinRetryPause);
        network.Heal();
        network.Time.Advance(Limits.MinRetryPause);

        await Eventually.TrueAsync(() => carol.Link(0).Session!.HubInstance == network.Hubs[0].Instance, "registered anew");
        Assert.True(celia.Link(0).IsUsable);
    }

    [Fact]
    public async Task A_fault_on_one_link_is_contained_there_and_made_known()
    {
        using var faults = new CounterRecorder(ClientMetrics.SourceName, "dske.client.faults");
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.Fail, 1, 3);
        network.Hubs[4].OutOfBandFailure = new InvalidOperationException("A fault of ours.");

        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        await network.LeapAsync(Limits.RenewInterval);
        await network.Time.UntilTimersRunAsync(Limits.MinRetryPause, 2);

        var hubs = faults.Measurements.Select(fault => fault.Tags["dske.hub"]).ToHashSet();
        Assert.Superset(new HashSet<object?> { "helen", "holly", "hugo" }, hubs);

        // The upkeep goes on as soon as it can.
        network.Heal();
        network.Hubs[4].Restart();
        network.Time.Advance(Limits.MinRetryPause);
        await Eventually.TrueAsync(() => carol.Link(4).Session!.HubInstance == network.Hubs[4].Instance, "registered anew");
    }

    [Fact]
    public async Task A_hub_of_another_network_is_flagged_at_both_ends()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var stranger = new InMemoryClient(network, carol.Settings with
        {
            Name = Protocol.Identifiers.NodeName.Parse("stranger"),
            Encryptors = [],
            Threshold = 2,
        });
        await using var end = stranger;
        await stranger.UntilFullAsync();

        Assert.All(stranger.Engine.Links, link => Assert.True(link.NetworkMismatch));
        Assert.All(carol.Engine.Links, link => Assert.False(link.NetworkMismatch));
        Assert.All(network.Hubs, hub => Assert.Equal(
            [("carol", false), ("stranger", true)], hub.Engine.GetClients().Select(client => (client.Name.Value, client.NetworkMismatch))));
    }

    private static List<Guid> BlocksOf(InMemoryNetwork network, string client) => [.. network.Hubs
        .SelectMany(hub => hub.Engine.GetClients().Where(known => known.Name.Value == client))
        .SelectMany(known => known.HubOwned.Concat(known.ClientOwned))
        .Select(block => block.BlockId)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_heals_though_somebody_registered_under_the_clients_name(bool hasToken)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var impostor = new RegistrationRequest { ClientName = "carol", EncryptorNames = [] };
        foreach (var hub in network.Hubs)
        {
            // Without the client's token nothing comes of it; with it, the client begins anew.
            Assert.Equal(hasToken, hub.Engine.Register(impostor, instance: null, networkHash: null, isProven: hasToken).ReplacedPools);
        }

        await network.Time.UntilTimersRunAsync(Limits.RenewInterval);
        await network.LeapAsync(Limits.RenewInterval);
        await Eventually.TrueAsync(() => network.Hubs.All(hub => hub.Engine.GetClients().Any(
            client => client.Name == carol.Name && client.HubOwned.Count > 0 && client.ClientOwned.Count > 0)), "new pools at every hub");
        await carol.UntilFullAsync();

        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }
}
