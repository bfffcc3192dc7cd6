using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Many keys with one request, and keys for several encryptors.</summary>
[Trait("Tier", "Unit")]
public sealed class BatchTests
{
    private static readonly string[] Slaves = ["serena", "selma", "sofia"];

    [Fact]
    public async Task Many_keys_are_one_message_to_each_hub_in_either_direction()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: KeySharesQuery.MaxKeys));
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));

        Assert.Equal(KeySharesQuery.MaxKeys, made.DistinctBy(key => Convert.ToHexString(key.Bytes)).Count());
        Assert.Equal(made.Select(key => (key.Id, Convert.ToHexString(key.Bytes))), fetched.Select(key => (key.Id, Convert.ToHexString(key.Bytes))));
        Assert.All(network.Hubs, hub => Assert.Equal(
            [(true, OutgoingRequest.KeyShares), (false, OutgoingRequest.KeyShares)], hub.Exchanges.Select(exchange => (exchange.Request.IsPost, exchange.Request.Resource))));
    }

    [Fact]
    public async Task More_keys_than_a_message_holds_take_several()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 300));
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));

        Assert.Equal(made.Select(key => (key.Id, Convert.ToHexString(key.Bytes))), fetched.Select(key => (key.Id, Convert.ToHexString(key.Bytes))));
        Assert.All(network.Hubs, hub => Assert.Equal([100, 100, 100, 128, 128, 44], hub.Exchanges.Select(exchange => exchange.KeyIds.Count)));
    }

    [Fact]
    public async Task Large_keys_come_in_as_many_answers_as_it_takes()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { Psrd = new PsrdTargets(4 * 1024 * 1024, 1024 * 1024, 12 * 1024 * 1024) });
        await using var _ = network;
        const int Size = 700_000;
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", Size, number: 5));

        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));

        Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes[..16])), fetched.Select(key => Convert.ToHexString(key.Bytes[..16])));
        Assert.All(network.Hubs, hub => Assert.Equal([5, 3, 1], hub.Exchanges.Where(exchange => !exchange.Request.IsPost).Select(exchange => exchange.KeyIds.Count)));
    }

    [Fact]
    public async Task One_key_that_cannot_be_had_keeps_all_back_and_the_others_come_when_asked_for_alone()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 3));

        var refused = await celia.FetchAsync("sam", [made[0].Id, network.Entropy.NextUuid(), made[1].Id]);

        Assert.Equal((KeyOutcome.NotFound, null), (refused.Outcome, refused.Keys));
        foreach (var hub in network.Hubs)
        {
            // Whatever the hubs hand out, they do so for a moment only.
            hub.Inject(Faults.Unreachable);
        }

        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [made[1].Id, made[0].Id]));
        Assert.Equal([made[1].Bytes, made[0].Bytes], fetched.Select(key => key.Bytes));
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [made[0].Id])).Outcome);
    }

    [Fact]
    public async Task Somebody_elses_key_among_others_is_said_to_be_that()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena", "selma");
        var mine = EstablishedKey.Of(await carol.EstablishAsync("serena"));
        var other = EstablishedKey.Of(await carol.EstablishAsync("selma"));

        Assert.Equal(KeyOutcome.NotYours, (await celia.FetchAsync("sam", [mine.Id, other.Id, network.Entropy.NextUuid()])).Outcome);
        Assert.Equal(mine.Bytes, (await celia.FetchKeyAsync("sam", mine.Id)).Bytes);
        Assert.Equal(other.Bytes, EstablishedKey.Of(await celia.FetchAsync("sam", [other.Id], "selma")).Bytes);
    }

    [Fact]
    public async Task Hubs_that_are_lost_between_two_messages_leave_no_key_made()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var messages = 0;
        network.Inject((_, deliver, _) => Interlocked.Increment(ref messages) > 5 ? Task.FromResult<HubResponse?>(null) : deliver(), 0, 1, 2, 3, 4);

        var result = await carol.EstablishAsync("serena", number: 300);

        Assert.Equal((KeyOutcome.Unavailable, null), (result.Outcome, result.Keys));
        Assert.True(messages > 5);
        network.Heal();
        Assert.Equal(KeyOutcome.Ok, (await carol.EstablishAsync("serena")).Outcome);
    }

    [Fact]
    public async Task Hubs_that_are_lost_between_two_messages_keep_all_keys_back_and_they_can_be_had_later()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 200));
        var ids = made.Select(key => key.Id).ToList();
        var messages = 0;
        network.Inject((_, deliver, _) => Interlocked.Increment(ref messages) > 5 ? Task.FromResult<HubResponse?>(null) : deliver(), 0, 1, 2, 3, 4);

        var refused = await celia.FetchAsync("sam", ids);

        Assert.Equal((KeyOutcome.Unavailable, null), (refused.Outcome, refused.Keys));
        network.Heal();
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", ids));
        Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes)), fetched.Select(key => Convert.ToHexString(key.Bytes)));
    }

    [Fact]
    public async Task A_key_that_was_delivered_does_not_hide_that_another_one_is_somebody_elses()
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena", "selma");
        var (had, open, other) = (await carol.EstablishKeyAsync("serena"), await carol.EstablishKeyAsync("serena"), await carol.EstablishKeyAsync("selma"));
        await celia.FetchKeyAsync("sam", had.Id);

        Assert.Equal(KeyOutcome.NotYours, (await celia.FetchAsync("sam", [had.Id, other.Id])).Outcome);
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [open.Id, had.Id])).Outcome);
        Assert.Equal(open.Bytes, (await celia.FetchKeyAsync("sam", open.Id)).Bytes);
    }

    [Fact]
    public async Task Keys_that_are_not_approved_are_kept_and_can_be_asked_for_again()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var made = await carol.EstablishKeyAsync("serena");
        var (sam, serena) = (SaeId.Parse("sam"), SaeId.Parse("serena"));

        var withheld = await celia.Engine.FetchAsync([made.Id], sam, serena, TestContext.Current.CancellationToken, _ => Task.FromResult(false));

        Assert.Equal((KeyOutcome.Withheld, null), (withheld.Outcome, withheld.Keys));
        Assert.Equal(made.Bytes, (await celia.FetchKeyAsync("sam", made.Id)).Bytes);
    }

    [Fact]
    public async Task Two_hubs_that_lie_change_no_key_of_many_and_are_named()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var accused = new HashSet<string>();
        celia.Engine.Reputation.Accused += (_, accusation) => accused.Add(accusation.Hub.Value);
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 10));
        network.Inject(Faults.SpoilShares, 1, 3);

        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));
        await celia.UntilQuietAsync();

        Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes)), fetched.Select(key => Convert.ToHexString(key.Bytes)));
        Assert.Equal(["helen", "holly"], accused.Order());
    }

    [Fact]
    public async Task Hubs_that_are_down_keep_no_key_of_many_back()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.Unreachable, 0, 4);
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 10));

        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));

        Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes)), fetched.Select(key => Convert.ToHexString(key.Bytes)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_key_for_several_encryptors_reaches_each_of_them_once(int number)
    {
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena", "selma");
        var conny = await network.StartClientAsync("conny", "sofia");

        var made = EstablishedKey.AllOf(await EstablishAsync(carol, number, Slaves));
        var ids = made.Select(key => key.Id).ToList();

        foreach (var (client, slave) in new[] { (celia, "serena"), (conny, "sofia"), (celia, "selma") })
        {
            var fetched = EstablishedKey.AllOf(await client.FetchAsync("sam", ids, slave));

            Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes)), fetched.Select(key => Convert.ToHexString(key.Bytes)));
            Assert.Equal(KeyOutcome.NotFound, (await client.FetchAsync("sam", ids, slave)).Outcome);
        }
    }

    [Fact]
    public async Task A_key_for_somebody_that_nobody_has_is_not_made()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        Assert.Equal(KeyOutcome.SlaveSaeUnknown, (await EstablishAsync(carol, 1, "serena", "nobody")).Outcome);
        Assert.All(network.Hubs, hub => Assert.Equal(0, hub.Engine.ShareCount));
    }

    [Fact]
    public async Task Hubs_of_other_implementations_relay_many_keys_one_by_one_and_none_for_several_encryptors()
    {
        await using var network = new InMemoryNetwork();
        foreach (var hub in network.Hubs)
        {
            hub.IsForeign = true;
        }

        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena");

        Assert.Equal(0, carol.Engine.MaxAdditionalSlaves);
        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 3));
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. made.Select(key => key.Id)]));
        Assert.Equal(made.Select(key => Convert.ToHexString(key.Bytes)), fetched.Select(key => Convert.ToHexString(key.Bytes)));
        Assert.All(network.Hubs, hub => Assert.All(hub.Exchanges, exchange => Assert.Equal(OutgoingRequest.KeyShare, exchange.Request.Resource)));
        Assert.Equal(KeyOutcome.Unavailable, (await EstablishAsync(carol, 1, "serena", "sam")).Outcome);
    }

    [Fact]
    public async Task Slaves_that_make_no_sense_are_the_callers_mistake()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        await Assert.ThrowsAsync<ArgumentException>(() => EstablishAsync(carol, 1));
        await Assert.ThrowsAsync<ArgumentException>(() => EstablishAsync(carol, 1, "serena", "serena"));
        await Assert.ThrowsAsync<ArgumentException>(() => EstablishAsync(carol, 1, [.. Enumerable.Range(0, 17).Select(i => $"s{i}")]));
        Assert.Equal(SharePostQuery.MaxAlso, carol.Engine.MaxAdditionalSlaves);
    }

    private static Task<KeyResult> EstablishAsync(InMemoryClient client, int number, params string[] slaves) => client.Engine.EstablishAsync(
        client.Engine.Encryptors[0], [.. slaves.Select(SaeId.Parse)], number, 32, TestContext.Current.CancellationToken);
}
