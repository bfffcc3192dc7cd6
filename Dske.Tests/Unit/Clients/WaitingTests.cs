using Dske.Protocol.Clients;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>For how long an encryptor waits, on a clock that moves only when the test says so.</summary>
[Trait("Tier", "Unit")]
public sealed class WaitingTests
{
    [Fact]
    public async Task Without_slow_hubs_no_time_passes_at_all()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Hubs_that_hang_cost_nobody_any_time()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.HoldMessage(new Gate()), 1, 3);

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task After_enough_hubs_the_grace_is_as_long_as_they_took()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        Delay(network, 4, 8, 12, 20, null);

        var making = carol.EstablishAsync("serena");
        await Advance(network, 12, timersOf: 12);
        await Advance(network, 8, timersOf: 12); // The grace that began at 12 ms; at 20 ms the fourth hub is done.
        await Eventually.TrueAsync(() => network.Hubs[3].Engine.ShareCount == 1, "the fourth hub has its share");
        Assert.False(making.IsCompleted);
        network.Time.Advance(Milliseconds(4));

        Assert.Equal(KeyOutcome.Ok, (await making).Outcome);
    }

    [Fact]
    public async Task The_grace_is_never_longer_than_its_limit()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        Delay(network, 300, 300, 300, 319, 400);

        var making = carol.EstablishAsync("serena");
        await Advance(network, 300, timersOf: 300, count: 3);
        await Advance(network, 19, timersOf: 20);
        Assert.False(making.IsCompleted);
        network.Time.Advance(Milliseconds(1));

        Assert.Equal(KeyOutcome.Ok, (await making).Outcome);
        Assert.Equal([1, 1, 1, 1, 0], network.Hubs.Select(hub => hub.Engine.ShareCount));
    }

    [Theory]
    [InlineData(32, KeyOutcome.Unavailable)]
    [InlineData(1024 * 1024, KeyOutcome.Ok)]
    public async Task A_large_key_has_more_time(int size, KeyOutcome expected)
    {
        // Where the limit comes first, the clock stops at it: hubs whose turn comes in the same step could be quicker than the one who gives up.
        var wait = expected == KeyOutcome.Ok ? 3500 : 2500;
        var (network, carol, _) = await InMemoryNetwork.StartAsync(new NetworkSettings { Psrd = new PsrdTargets(2 * 1024 * 1024, 1024 * 1024, 4 * 1024 * 1024) });
        await using var end = network;
        Delay(network, 3500, 3500, 3500, 3500, 3500);

        var making = carol.EstablishAsync("serena", size);
        await Advance(network, wait, timersOf: 3500, count: 5);

        Assert.Equal(expected, (await making).Outcome);
    }

    [Theory]
    [InlineData(false, 2, KeyOutcome.Ok)]
    [InlineData(false, 0, KeyOutcome.Unavailable)]
    [InlineData(true, 2, KeyOutcome.Ok)]
    [InlineData(true, 0, KeyOutcome.Unavailable)]
    public async Task A_large_key_has_more_time_to_be_fetched_when_PSRD_has_to_come_first(bool isSizeKnown, int secondsPerMebibyte, KeyOutcome expected)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings
        {
            Psrd = new PsrdTargets(512 * 1024, 64 * 1024, 512 * 1024),
            ClientLimits = new ClientLimits { HubTimeout = TimeSpan.FromSeconds(4), TimePerMebibyte = TimeSpan.FromSeconds(secondsPerMebibyte) },
        });
        await using var end = network;
        var keys = new[] { await carol.EstablishKeyAsync("serena", 1024 * 1024), await carol.EstablishKeyAsync("serena", 1024 * 1024) };
        await carol.UntilQuietAsync();
        if (isSizeKnown)
        {
            // From now on the client sees by itself that its pools are too small; before, hubs have to tell it.
            await celia.FetchKeyAsync("sam", keys[0].Id);
            await celia.UntilQuietAsync();
            await celia.UntilFullAsync();
            await network.UntilAtRestAsync();
        }

        // Every block that is fetched waits for a sync before it counts.
        foreach (var hub in network.Hubs)
        {
            hub.InjectIntoSyncs(Faults.Delay(Milliseconds(3500), network.Time));
        }

        var fetching = celia.FetchAsync("sam", [keys[1].Id]);
        await Advance(network, expected == KeyOutcome.Ok ? 3500 : 2500, timersOf: 3500, count: 5);

        Assert.Equal(expected, (await fetching).Outcome);
    }

    [Fact]
    public async Task When_all_hubs_are_done_there_is_no_grace()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        Delay(network, 10, 10, 10, 10, 10);

        var making = carol.EstablishAsync("serena");
        await Advance(network, 10, timersOf: 10, count: 5);

        Assert.Equal(KeyOutcome.Ok, (await making).Outcome);
    }

    [Fact]
    public async Task Hubs_that_are_not_waited_for_get_their_share_in_the_background()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var gate = new Gate();
        network.Inject(Faults.HoldMessage(gate), 3, 4);

        var key = await carol.EstablishKeyAsync("serena");
        gate.Open();
        await carol.UntilQuietAsync();

        Assert.Equal([1, 1, 1, 1, 1], network.Hubs.Select(hub => hub.Engine.ShareCount));
        network.Hubs[0].IsReachable = network.Hubs[1].IsReachable = false;
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task An_encryptor_waits_for_hubs_that_hang_no_longer_than_the_limit()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        var gate = new Gate();
        network.Inject(Faults.HoldMessage(gate), 0, 1, 2);

        var making = carol.EstablishAsync("serena");
        var fetching = celia.FetchAsync("sam", [key.Id]);
        await gate.UntilWaitingAsync(6);
        var limit = network.Settings.ClientLimits.EstablishTimeout;
        await network.Time.UntilTimersRunAsync(limit, 2);
        network.Time.Advance(limit - Milliseconds(1));
        Assert.False(making.IsCompleted || fetching.IsCompleted);
        network.Time.Advance(Milliseconds(1));

        Assert.Equal(KeyOutcome.Unavailable, (await making).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await fetching).Outcome);
    }

    [Fact]
    public async Task Nobody_waits_for_hubs_that_hang_when_the_others_have_settled_that_there_is_no_key()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        network.Inject(Faults.Unreachable, 0, 1, 2);
        network.Inject(Faults.HoldMessage(new Gate()), 3, 4);

        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);
    }

    [Fact]
    public async Task A_slow_hub_has_a_moment_to_say_why_there_can_be_no_key()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        network.Inject(Faults.Unreachable, 0, 1);
        network.Inject(Faults.Delay(Milliseconds(10), network.Time), 2, 3);
        network.Inject(Faults.Delay(Milliseconds(15), network.Time), 4);

        var making = carol.EstablishAsync("nobody");
        var fetching = carol.FetchAsync("serena", [network.Entropy.NextUuid()]);
        await network.Time.UntilTimersRunAsync(Milliseconds(15), 2);
        await Advance(network, 10, timersOf: 10, count: 4);
        await Advance(network, 5, timersOf: 10, count: 2); // The grace of either runs, and is not over yet.

        Assert.Equal(KeyOutcome.SlaveSaeUnknown, (await making).Outcome);
        Assert.Equal(KeyOutcome.NotFound, (await fetching).Outcome);
    }

    [Fact]
    public async Task So_many_wait_on_a_hub_that_hangs_and_then_it_is_skipped_until_it_answers()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var (gate, most) = (new Gate(), network.Settings.ClientLimits.MaxWaitingPerHub);
        network.Hubs[2].Inject(Faults.HoldMessage(gate));

        for (var i = 0; i < most + 10; i++)
        {
            await carol.EstablishKeyAsync("serena");
        }

        Assert.Equal(64, most);
        Assert.Equal(most, carol.Link(2).Waiting);
        Assert.Equal(most, network.Hubs[2].Exchanges.Count);
        Assert.Equal(most + 10, network.Hubs[1].Engine.ShareCount);

        gate.Open();
        await carol.UntilQuietAsync();
        await carol.EstablishKeyAsync("serena");
        Assert.Equal(most + 1, network.Hubs[2].Engine.ShareCount);
    }

    [Fact]
    public async Task A_hub_that_hangs_is_given_up_in_the_end_and_asked_again()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var gate = new Gate();
        network.Hubs[2].Inject(Faults.HoldMessage(gate));
        await carol.EstablishKeyAsync("serena");
        Assert.Equal(1, carol.Link(2).Waiting);

        network.Time.Advance(network.Settings.ClientLimits.HubTimeout);
        await carol.UntilQuietAsync();

        Assert.True(Assert.Single(network.Hubs[2].Exchanges).Abandoned);
        await carol.EstablishKeyAsync("serena");
        Assert.Equal(2, network.Hubs[2].Exchanges.Count);
    }

    [Fact]
    public async Task A_hub_whose_upkeep_hangs_holds_up_neither_the_others_nor_any_key()
    {
        await using var network = new InMemoryNetwork();
        network.Hubs[0].OutOfBandGate = new Gate();
        var carol = await StartWithoutFirstHub("carol", "sam");
        var celia = await StartWithoutFirstHub("celia", "serena");

        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.Null(carol.Link(0).Session);

        network.Heal();
        await carol.UntilFullAsync();

        async Task<InMemoryClient> StartWithoutFirstHub(string name, string encryptor)
        {
            var client = network.AddClient(name, Protocol.Messages.Dialect.Reference, encryptor);
            await client.UntilFullAsync(1, 2, 3, 4);
            return client;
        }
    }

    [Fact]
    public async Task Disposal_ends_what_runs_in_the_background()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var gate = new Gate();
        network.Inject(Faults.HoldMessage(gate), 3, 4);
        var key = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", key.Id);
        await gate.UntilWaitingAsync(4);

        await carol.StopAsync();
        await celia.StopAsync();

        Assert.Equal(0, gate.Waiting);
        Assert.Equal(0, network.Time.TimerCount);
        Assert.All(network.Hubs[3].Exchanges.Concat(network.Hubs[4].Exchanges), exchange => Assert.True(exchange.Abandoned));
    }

    [Fact]
    public async Task A_client_that_is_disposed_makes_no_more_keys_and_says_so()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        await carol.StopAsync();

        Assert.Equal(new KeyResult(KeyOutcome.Unavailable, null), await carol.EstablishAsync("serena"));
        Assert.Equal(0, network.Hubs.Sum(hub => hub.Engine.ShareCount));
    }

    private static TimeSpan Milliseconds(int number) => TimeSpan.FromMilliseconds(number);

    /// <summary>How long the messages to each hub take; null for ever.</summary>
    private static void Delay(InMemoryNetwork network, params int?[] milliseconds)
    {
        foreach (var hub in network.Hubs)
        {
            hub.Inject(milliseconds[hub.Index] is { } delay ? Faults.Delay(Milliseconds(delay), network.Time) : Faults.HoldMessage(new Gate()));
        }
    }

    private static async Task Advance(InMemoryNetwork network, int milliseconds, int timersOf, int count = 1)
    {
        // Messages are sent one after the other: with the last one all are under way.
        await Eventually.TrueAsync(() => network.Hubs[^1].Exchanges.Count > 0, "the last message was sent");
        await network.Time.UntilTimersRunAsync(Milliseconds(timersOf), count);
        network.Time.Advance(Milliseconds(milliseconds));
    }
}
