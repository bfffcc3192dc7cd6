using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Who gets a key, how often, and until when.</summary>
[Trait("Tier", "Unit")]
public sealed class DeliveryTests
{
    private static readonly HubLimits HubLimits = new();

    [Fact]
    public async Task A_key_is_handed_over_once()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", key.Id);
        var messages = network.Hubs[0].Exchanges.Count;

        Assert.Equal(new KeyResult(KeyOutcome.NotFound, null), await celia.FetchAsync("sam", [key.Id]));

        Assert.Equal(messages, network.Hubs[0].Exchanges.Count);
    }

    [Fact]
    public async Task Of_many_that_ask_for_a_key_at_once_exactly_one_gets_it()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.Interleave, 0, 1, 2, 3, 4);

        for (var i = 0; i < 20; i++)
        {
            var key = await carol.EstablishKeyAsync("serena");

            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => celia.FetchAsync("sam", [key.Id])));

            Assert.Equal(key.Bytes, EstablishedKey.Of(Assert.Single(results, result => result.Outcome == KeyOutcome.Ok)).Bytes);
            Assert.All(results.Where(result => result.Outcome != KeyOutcome.Ok), result => Assert.Equal(new KeyResult(KeyOutcome.NotFound, null), result));
        }
    }

    [Fact]
    public async Task Of_requests_that_share_a_key_exactly_one_gets_all_of_its_keys()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.Interleave, 0, 1, 2, 3, 4);
        var keys = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 9));
        var shared = keys[0].Id;

        var requests = Enumerable.Range(1, 8).Select(i => new[] { keys[i].Id, shared }).ToList();
        var results = await Task.WhenAll(requests.Select(ids => celia.FetchAsync("sam", ids)));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => results[i].Outcome == KeyOutcome.Ok);
        results[winner].Keys!.Dispose();
        foreach (var loser in Enumerable.Range(0, 8).Where(i => i != winner))
        {
            // What it did not get because of the shared key can be had without it.
            Assert.Equal(KeyOutcome.NotFound, results[loser].Outcome);
            Assert.Equal(keys[loser + 1].Bytes, (await celia.FetchKeyAsync("sam", keys[loser + 1].Id)).Bytes);
        }
    }

    [Fact]
    public async Task Several_keys_are_handed_over_together_or_not_at_all()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var keys = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 3));
        var ids = keys.Select(key => key.Id).ToList();

        Assert.Equal(new KeyResult(KeyOutcome.NotFound, null), await celia.FetchAsync("sam", [.. ids, network.Entropy.NextUuid()]));
        Assert.Equal(new KeyResult(KeyOutcome.NotFound, null), await celia.FetchAsync("sam", [network.Entropy.NextUuid(), .. ids]));

        Assert.Equal(keys.Select(key => key.Bytes), EstablishedKey.AllOf(await celia.FetchAsync("sam", ids)).Select(key => key.Bytes));
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [ids[1]])).Outcome);
    }

    [Fact]
    public async Task Only_the_designated_encryptor_gets_a_key()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam", "sara");
        var curtis = await network.StartClientAsync("curtis", "sunny", "susan");
        var conny = await network.StartClientAsync("conny", "sofia");
        var key = await carol.EstablishKeyAsync("sunny");

        Assert.Equal(KeyOutcome.NotYours, (await curtis.FetchAsync("sam", [key.Id], slave: "susan")).Outcome);
        Assert.Equal(KeyOutcome.NotYours, (await conny.FetchAsync("sam", [key.Id])).Outcome);
        Assert.Equal(KeyOutcome.NotYours, (await carol.FetchAsync("sam", [key.Id], slave: "sara")).Outcome);
        Assert.Equal(KeyOutcome.NotYours, (await carol.FetchAsync("sam", [key.Id], slave: "sam")).Outcome);
        Assert.Equal(key.Bytes, (await curtis.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Whoever_names_another_master_does_not_know_the_key()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam", "sara");
        var celia = await network.StartClientAsync("celia", "serena");
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sara", [key.Id])).Outcome);
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("nobody", [key.Id])).Outcome);
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_key_that_nobody_fetches_is_gone_after_its_time()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        var other = await carol.EstablishKeyAsync("serena");

        network.Time.Advance(HubLimits.ShareTimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        network.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [other.Id])).Outcome);
        Assert.All(network.Hubs, hub => Assert.Equal(0, hub.Engine.ShareCount));
    }

    [Fact]
    public async Task An_answer_that_got_lost_can_be_made_up_for_within_a_minute()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var early = await carol.EstablishKeyAsync("serena");
        var late = await carol.EstablishKeyAsync("serena");
        network.Inject(Faults.DropAnswer, 0, 1, 2, 3, 4);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [early.Id])).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [late.Id])).Outcome);
        network.Heal();

        network.Time.Advance(HubLimits.RepeatWindow - TimeSpan.FromMilliseconds(1));
        Assert.Equal(early.Bytes, (await celia.FetchKeyAsync("sam", early.Id)).Bytes);
        network.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [late.Id])).Outcome);
    }

    [Fact]
    public async Task A_key_is_remembered_as_delivered_for_longer_than_hubs_can_have_it()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.OnGet(Faults.Unreachable), 3, 4);
        var key = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", key.Id);
        await carol.UntilQuietAsync();
        await celia.UntilQuietAsync();
        var messages = network.Hubs[0].Exchanges.Count;

        // Two hubs were never asked for their shares; they have them until these expire.
        network.Time.Advance(HubLimits.ShareTimeToLive - TimeSpan.FromMilliseconds(1));
        Assert.Equal([0, 0, 0, 1, 1], network.Hubs.Select(hub => hub.Engine.GetShares(10).Count));
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [key.Id])).Outcome);
        Assert.Equal(messages, network.Hubs[0].Exchanges.Count);

        network.Time.Advance(new ClientLimits().TombstoneTime);
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [key.Id])).Outcome);
        Assert.Equal(messages + 1, network.Hubs[0].Exchanges.Count);
    }

    [Fact]
    public async Task A_key_that_is_still_on_its_way_is_waited_for()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { HubLimits = HubLimits });
        await using var _ = network;
        var gate = new Gate();
        network.Inject(Faults.OnPost(Faults.HoldMessage(gate)), 2, 3, 4);
        var making = carol.EstablishAsync("serena");
        await gate.UntilWaitingAsync(3);

        var fetching = celia.FetchAsync("sam", [network.Hubs[0].Exchanges.Single().KeyId]);
        await network.Time.UntilTimersRunAsync(HubLimits.HoldTime, 3);
        gate.Open();

        Assert.Equal(EstablishedKey.Of(await making).Bytes, EstablishedKey.Of(await fetching).Bytes);
    }

    [Fact]
    public async Task A_key_that_does_not_come_is_not_waited_for_longer_than_the_limit()
    {
        var (network, _, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { HubLimits = HubLimits });
        await using var end = network;

        var fetching = celia.FetchAsync("sam", [network.Entropy.NextUuid()]);
        await network.Time.UntilTimersRunAsync(HubLimits.HoldTime, 5);
        network.Time.Advance(HubLimits.HoldTime - TimeSpan.FromMilliseconds(1));
        Assert.False(fetching.IsCompleted);
        network.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(KeyOutcome.NotFound, (await fetching).Outcome);
    }

    [Fact]
    public async Task An_encryptor_that_moves_takes_new_keys_along_but_no_old_ones()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena");
        var old = await carol.EstablishKeyAsync("serena");

        // Serena moves from celia to conny.
        await celia.DisposeAsync();
        var without = new InMemoryClient(network, celia.Settings with { Encryptors = [] });
        await using var end = without;
        await without.UntilFullAsync();
        var conny = await network.StartClientAsync("conny", "serena");

        Assert.Equal(KeyOutcome.NotYours, (await conny.FetchAsync("sam", [old.Id])).Outcome);
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await conny.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_client_that_claims_another_ones_encryptor_is_not_let_in()
    {
        await using var network = new InMemoryNetwork();
        await network.StartClientAsync("celia", "serena");

        var mallory = network.AddClient("mallory", Protocol.Messages.Dialect.Reference, "sam", "serena");
        await network.Time.UntilTimersRunAsync(new ClientLimits().MinRetryPause, 5);

        Assert.False(mallory.Engine.IsReady);
        Assert.All(network.Hubs, hub => Assert.Equal([NodeName.Parse("celia")], hub.Engine.GetClients().Select(client => client.Name)));
    }
}
