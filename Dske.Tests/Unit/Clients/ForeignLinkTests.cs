using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Hubs of other implementations: exactly their dialect, and no more trust than it deserves.</summary>
[Trait("Tier", "Unit")]
public sealed class ForeignLinkTests
{
    private static readonly int[] AllHubs = [0, 1, 2, 3, 4];

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task Keys_pass_over_hubs_of_another_implementation(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.All(carol.Engine.Links, link => Assert.Equal((dialect, false), (link.Session!.Dialect, link.Session.IsNative)));
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task Keys_pass_over_hubs_of_different_implementations(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, 1, 2);
        network.Hubs[0].IsReachable = network.Hubs[3].IsReachable = false;

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Theory]
    [InlineData(Dialect.Guide, ';', "start_byte", "")]
    [InlineData(Dialect.Reference, '%', "start", "null")]
    public async Task The_wire_is_the_dialect_and_nothing_else(Dialect dialect, char separator, string start, string stored)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);
        var key = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", key.Id);
        await carol.UntilQuietAsync();
        await celia.UntilQuietAsync();

        Assert.All(network.Hubs.SelectMany(hub => hub.Exchanges), exchange =>
        {
            var (request, answer) = (exchange.Request, exchange.Received!);
            Assert.Contains(separator, request.Signature);
            Assert.Contains(separator, answer.Signature!);
            Assert.Equal(200, answer.Status);
            if (request.IsPost)
            {
                Assert.Equal(string.Empty, request.Query);
                var body = JsonNode.Parse(request.Body.Span)!.AsObject();
                Assert.Equal(
                    ["encrypted_share_value", "encryption_key_allocation", "master_client_name", "master_sae_id", "share_index", "slave_sae_id", "user_key_id"],
                    body.Select(member => member.Key).Order());
                AssertAllocation(body["encryption_key_allocation"]!);
                Assert.Equal(stored, System.Text.Encoding.UTF8.GetString(answer.Body.Span));
            }
            else
            {
                Assert.Equal($"client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id={key.Id:D}", request.Query);
                Assert.Equal(0, request.Body.Length);
                var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
                Assert.Equal(["encrypted_share_value", "encryption_key_allocation", "share_index"], body.Select(member => member.Key).Order());
                AssertAllocation(body["encryption_key_allocation"]!);
            }
        });

        void AssertAllocation(JsonNode allocation)
        {
            Assert.Equal(["fragments"], allocation.AsObject().Select(member => member.Key));
            Assert.All(allocation["fragments"]!.AsArray(), fragment => Assert.Equal(
                ["block_uuid", "size", start], fragment!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)));
        }
    }

    [Fact]
    public async Task A_hub_that_speaks_the_other_dialect_is_not_understood()
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, Dialect.Guide, AllHubs);
        foreach (var hub in network.Hubs)
        {
            hub.Inject(Faults.Lie(static answer => answer), static async (_, deliver, _) => await deliver() is { Signature: { } signature } answer
                ? answer with { Signature = signature.Replace(';', '%') }
                : null);
        }

        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [network.Hubs[0].Exchanges.First().KeyId])).Outcome);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task What_foreign_hubs_deny_proves_nothing(Dialect dialect)
    {
        // Plain answers can be recorded and repeated for another request, so a refusal may have been meant for that one.
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);

        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [network.Entropy.NextUuid()])).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("nobody")).Outcome);
    }

    [Fact]
    public async Task Exchanged_answers_to_stored_shares_are_believed_on_a_foreign_link_and_only_there()
    {
        // Not what anybody wants, but what v1 is; it shows that the fault does what the tests of native links rely on.
        await using var network = new InMemoryNetwork();
        var (carol, _) = await StartAsync(network, Dialect.Guide, AllHubs);
        foreach (var hub in network.Hubs)
        {
            hub.Inject(Faults.SwapAnswers());
        }

        var outcomes = await Task.WhenAll(carol.EstablishAsync("serena"), carol.EstablishAsync("serena"));

        Assert.All(outcomes, result => Assert.Equal(KeyOutcome.Ok, result.Outcome));
    }

    [Fact]
    public async Task Answers_that_were_changed_or_repeated_are_refused_on_a_foreign_link_too()
    {
        foreach (var fault in new[] { Faults.CorruptAnswer(), Faults.ReplayFirstAnswer(), Faults.Unsign, Faults.Restamp(500) })
        {
            await using var network = new InMemoryNetwork();
            var (carol, celia) = await StartAsync(network, Dialect.Reference, AllHubs);
            var keys = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 2));
            foreach (var hub in network.Hubs)
            {
                hub.Inject(fault);
            }

            Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [.. keys.Select(key => key.Id)])).Outcome);
        }
    }

    [Fact]
    public async Task A_foreign_hub_is_not_registered_with_again_without_a_reason()
    {
        // Other implementations drop all PSRD of a client that registers again.
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, Dialect.Reference, AllHubs);

        for (var i = 0; i < 5; i++)
        {
            await network.LeapAsync(network.Settings.ClientLimits.RenewInterval);
            await network.Time.UntilTimersRunAsync(network.Settings.ClientLimits.RenewInterval, 10);
        }

        Assert.All(network.Hubs, hub => Assert.Equal(2, hub.Registrations));
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task A_foreign_hub_that_lost_its_state_is_mended_by_the_next_exchange(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);
        foreach (var hub in network.Hubs)
        {
            hub.Restart();
        }

        await celia.EstablishKeyAsync("serena");
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task A_foreign_hub_that_lost_its_state_is_mended_though_there_is_no_psrd_left_to_ask_it_with(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);
        foreach (var hub in network.Hubs)
        {
            hub.Restart();
            carol.Link(hub.Index).Session!.ClientOwned.TryAllocate(
                new byte[network.Settings.Psrd.RefillTo - 32], new byte[32], out _, out _);
        }

        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        await network.Time.UntilTimersRunAsync(network.Settings.ClientLimits.MinRetryPause, 5);
        network.Time.Advance(network.Settings.ClientLimits.MinRetryPause);
        await carol.UntilFullAsync();

        await celia.EstablishKeyAsync("serena");
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task Forged_errors_make_nobody_give_up_the_psrd_of_a_foreign_link_nor_hoard(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);
        var (limits, psrd) = (network.Settings.ClientLimits, network.Settings.Psrd);
        var key = await carol.EstablishKeyAsync("serena");
        var before = carol.Engine.Links.Select(link => link.Session).ToList();
        var registrations = network.Hubs.Select(hub => hub.Registrations).ToList();

        foreach (var error in (DskeError[])[DskeError.ClientNotRegistered, DskeError.PsrdUnknownBlock, DskeError.SyncNeeded])
        {
            network.Inject(Faults.Forge(error), AllHubs);
            for (var i = 0; i < 20; i++)
            {
                await network.LeapAsync(limits.MinRegistrationInterval);
                Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
                Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);
                Assert.All(carol.Engine.Links, link => Assert.InRange(link.Available(PoolOwner.Client), psrd.RefillBelow, psrd.RefillTo + (17 * 1024)));
            }

            network.Heal();
        }

        Assert.Equal(registrations, network.Hubs.Select(hub => hub.Registrations));
        Assert.Equal(before, carol.Engine.Links.Select(link => link.Session));
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);

        // The next time it is true, and found out before long.
        Array.ForEach([.. network.Hubs], hub => hub.Restart());
        for (var i = 0; i < 20 && network.Hubs.Zip(registrations).Any(hub => hub.First.Registrations < hub.Second + 2); i++)
        {
            await network.LeapAsync(limits.MinRegistrationInterval);
            await carol.EstablishAsync("serena");
            await celia.EstablishAsync("sam");
        }

        key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_registration_with_a_foreign_hub_whose_answer_got_lost_is_repeated()
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, Dialect.Reference, AllHubs);
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);
        foreach (var hub in network.Hubs)
        {
            hub.Restart();
            hub.LoseRegistrations(2);
        }

        // The hubs know both again, and have none of their PSRD.
        await carol.EstablishAsync("serena");
        await celia.EstablishAsync("sam");
        await Eventually.TrueAsync(() => network.Hubs.All(hub => hub.Registrations == 4), "both have registered again");
        await network.PassAsync(network.Settings.ClientLimits.MinRetryPause);
        await carol.UntilFullAsync();
        await celia.UntilFullAsync();

        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task Pools_of_a_foreign_link_are_filled_up_by_our_own_count(Dialect dialect)
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, dialect, AllHubs);

        for (var i = 0; i < 600; i++)
        {
            var key = await carol.EstablishKeyAsync("serena");
            await carol.UntilFullAsync();
            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            await celia.UntilFullAsync();
        }
    }

    [Fact]
    public async Task A_hub_of_ours_in_place_of_a_foreign_one_is_taken_for_what_it_is()
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, Dialect.Reference, AllHubs);
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);
        foreach (var hub in network.Hubs)
        {
            hub.IsForeign = false;
            hub.Restart();
        }

        await celia.EstablishKeyAsync("serena");
        await carol.EstablishKeyAsync("serena");
        await network.LeapAsync(network.Settings.ClientLimits.MinRegistrationInterval);

        // Until then each of them had three links in order, and not the same three.
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        await carol.UntilQuietAsync();
        Assert.All(carol.Engine.Links, link => Assert.True(link.Session!.IsNative));
    }

    [Fact]
    public async Task Forged_errors_on_a_foreign_link_are_never_a_final_answer()
    {
        await using var network = new InMemoryNetwork();
        var (carol, celia) = await StartAsync(network, Dialect.Reference, AllHubs);
        var key = await carol.EstablishKeyAsync("serena");

        foreach (var error in Enum.GetValues<DskeError>())
        {
            network.Inject(Faults.Forge(error), AllHubs);
            Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
            Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);
            network.Heal();
        }

        Assert.All(carol.Engine.Links, link => Assert.InRange(
            link.Session!.HubOwned.AvailableBytes, 0, PeerPool.MaxJump));
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    private static async Task<(InMemoryClient Carol, InMemoryClient Celia)> StartAsync(InMemoryNetwork network, Dialect dialect, params int[] foreign)
    {
        foreach (var hub in foreign)
        {
            network.Hubs[hub].IsForeign = true;
        }

        var (carol, celia) = (network.AddClient("carol", dialect, "sam"), network.AddClient("celia", dialect, "serena"));
        await carol.UntilFullAsync();
        await celia.UntilFullAsync();
        return (carol, celia);
    }
}
