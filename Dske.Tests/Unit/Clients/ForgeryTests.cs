using System.Collections.Concurrent;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>What somebody on the wire can do: answers made up, changed, exchanged or repeated.</summary>
[Trait("Tier", "Unit")]
public sealed class ForgeryTests
{
    private static readonly int[] AllHubs = [0, 1, 2, 3, 4];
    private static readonly ClientLimits Limits = new();

    public static TheoryData<DskeError> AllErrors => [.. Enum.GetValues<DskeError>()];

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task An_unsigned_error_is_as_good_as_no_answer(DskeError error)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        await network.LeapAsync(Limits.MinRegistrationInterval);
        var before = new LinkStates(network, celia, carol);
        var key = await carol.EstablishKeyAsync("serena");
        network.Inject(Faults.Forge(error), AllHubs);

        Assert.Equal(new KeyResult(KeyOutcome.Unavailable, null), await carol.EstablishAsync("serena"));
        Assert.Equal(new KeyResult(KeyOutcome.Unavailable, null), await celia.FetchAsync("sam", [key.Id]));

        // Nothing was thrown away, at either end, but the bytes of the messages that were sent.
        await before.AssertKeptAsync();
        network.Heal();
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        await carol.EstablishKeyAsync("serena");
        await before.AssertKeptAsync();
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task An_unsigned_error_in_place_of_the_answer_loses_no_share(DskeError error)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var before = new LinkStates(network, celia, carol);
        network.Inject(Faults.ReplaceByForged(error), AllHubs);

        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);

        // The hubs have it all the same; whoever knows the key's ID can have the key.
        var id = network.Hubs[0].Exchanges.First().KeyId;
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [id])).Outcome);
        network.Heal();
        Assert.Equal(KeyOutcome.Ok, (await celia.FetchAsync("sam", [id])).Outcome);
        await before.AssertKeptAsync();
    }

    [Theory]
    [InlineData(DskeError.ShareUnknown)]
    [InlineData(DskeError.ShareNotYours)]
    public async Task Hubs_that_deny_a_key_count_only_with_their_signature(DskeError error)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var conny = await network.StartClientAsync("conny", "sofia");
        var key = await carol.EstablishKeyAsync("serena");
        var (asking, id, outcome) = error == DskeError.ShareUnknown
            ? (celia, network.Entropy.NextUuid(), KeyOutcome.NotFound)
            : (conny, key.Id, KeyOutcome.NotYours);

        network.Inject(Faults.Forge(error), 0, 1, 2);
        Assert.Equal(KeyOutcome.Unavailable, (await asking.FetchAsync("sam", [id])).Outcome);

        network.Hubs[0].Heal();
        Assert.Equal(outcome, (await asking.FetchAsync("sam", [id])).Outcome);
    }

    [Fact]
    public async Task Hubs_that_deny_a_slave_count_only_with_their_signature()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        network.Inject(Faults.Forge(DskeError.SlaveSaeUnknown), 0, 1, 2);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("nobody")).Outcome);

        network.Hubs[2].Heal();
        Assert.Equal(KeyOutcome.SlaveSaeUnknown, (await carol.EstablishAsync("nobody")).Outcome);
    }

    [Fact]
    public async Task Acknowledgements_that_were_kept_back_are_none_for_another_share()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var stockpile = new ConcurrentDictionary<InMemoryHub, HubResponse>();
        network.Inject(
            async (exchange, deliver, _) =>
            {
                if (await deliver() is { Status: 200 } answer)
                {
                    stockpile[exchange.Hub] = answer;
                }

                return null;
            },
            AllHubs);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        await carol.UntilQuietAsync();
        Assert.Equal(5, stockpile.Count);

        // The hubs never see the next shares, and yet all of them seem to have said that they keep them.
        network.Inject((exchange, _, _) => Task.FromResult<HubResponse?>(stockpile[exchange.Hub]), AllHubs);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);

        network.Heal();
        await carol.EstablishKeyAsync("serena");
    }

    [Fact]
    public async Task A_recorded_request_is_worth_nothing_at_any_hub()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        await celia.FetchKeyAsync("sam", key.Id);
        await celia.UntilQuietAsync();
        var before = new LinkStates(network, celia, carol);

        foreach (var recorded in network.Hubs.SelectMany(hub => hub.Exchanges).ToList())
        {
            foreach (var hub in network.Hubs)
            {
                Assert.NotEqual(200, (await hub.ReplayAsync(recorded)).Status);
            }
        }

        await before.AssertKeptAsync();
        await carol.EstablishKeyAsync("serena");
    }

    [Theory]
    [InlineData(DskeError.ClientNotRegistered)]
    [InlineData(DskeError.PsrdUnknownBlock)]
    public async Task Forged_errors_cause_few_registrations_and_they_change_nothing(DskeError error)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var before = new LinkStates(network, celia, carol);
        network.Inject(Faults.Forge(error), AllHubs);
        var registrations = network.Hubs.Select(hub => hub.Registrations).ToList();

        for (var i = 0; i < 20; i++)
        {
            await carol.EstablishAsync("serena");
        }

        await carol.UntilQuietAsync();
        Assert.Equal(registrations, network.Hubs.Select(hub => hub.Registrations));
        await network.LeapAsync(Limits.MinRegistrationInterval);
        for (var i = 0; i < 20; i++)
        {
            await carol.EstablishAsync("serena");
        }

        await carol.UntilQuietAsync();
        Assert.Equal(registrations.Select(count => count + 1), network.Hubs.Select(hub => hub.Registrations));
        await before.AssertKeptAsync();
    }

    [Fact]
    public async Task A_forged_error_is_answered_with_one_more_message_at_most()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        await network.LeapAsync(Limits.MinRegistrationInterval);
        foreach (var (hub, error) in network.Hubs.Zip(
            [DskeError.ClientNotRegistered, DskeError.PsrdUnknownBlock, DskeError.OutOfPsrd, DskeError.ShareConflict, DskeError.PsrdJumpTooFar]))
        {
            hub.Inject(Faults.Forge(error));
        }

        await carol.EstablishAsync("serena");
        await carol.UntilQuietAsync();

        Assert.Equal([2, 2, 2, 1, 1], network.Hubs.Select(hub => hub.Exchanges.Count));
    }

    [Fact]
    public async Task A_forged_out_of_psrd_makes_nobody_hoard()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        network.Inject(Faults.Forge(DskeError.OutOfPsrd), AllHubs);
        var blocks = network.Hubs[0].BlocksIssued;

        for (var i = 0; i < 100; i++)
        {
            await celia.FetchAsync("sam", [key.Id]);
        }

        // One block for what may be true, and what is due for the client's own messages.
        var own = 100 * 2 * 32 / network.Settings.Psrd.BlockSize;
        Assert.InRange(network.Hubs[0].BlocksIssued - blocks, 0, own + 2);
    }

    [Fact]
    public async Task Answers_that_were_changed_exchanged_or_repeated_are_refused_on_a_native_link()
    {
        var faults = new Dictionary<string, Func<Fault[]>>
        {
            ["changed"] = () => [Faults.CorruptAnswer(7)],
            ["stripped of their signature"] = () => [Faults.Unsign],
            ["exchanged"] = () => [Faults.SwapAnswers()],
            ["repeated"] = () => [Faults.ReplayFirstAnswer()],

            // Nothing but the status, which the hub gave otherwise, tells them from a success.
            ["restamped"] = () => [Faults.Restamp(200), Faults.Lie(static answer => answer with { Status = 201 })],
        };
        foreach (var (name, fault) in faults)
        {
            var (network, carol, celia) = await InMemoryNetwork.StartAsync();
            await using var _ = network;
            var keys = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 2));
            foreach (var hub in network.Hubs)
            {
                hub.Inject(fault());
            }

            // For the repetition there has to be a first answer; whether that one counts is not the point.
            var first = carol.EstablishAsync("serena");
            var second = carol.EstablishAsync("serena");
            var outcomes = new[] { (await first).Outcome, (await second).Outcome };
            Assert.True(outcomes.Contains(KeyOutcome.Unavailable), $"A stored share was believed though the answers were {name}.");
            Assert.True(name == "repeated" || !outcomes.Contains(KeyOutcome.Ok), $"A stored share was believed though the answers were {name}.");

            var fetched = await celia.FetchAsync("sam", [.. keys.Select(key => key.Id)]);
            Assert.True(fetched.Outcome == KeyOutcome.Unavailable, $"A share was believed though the answers were {name}.");

            network.Heal();
            Assert.Equal(keys.Select(key => key.Bytes), EstablishedKey.AllOf(await celia.FetchAsync("sam", [.. keys.Select(key => key.Id)])).Select(key => key.Bytes));
        }
    }

    [Fact]
    public async Task A_refusal_cannot_be_made_to_look_like_a_success_nor_the_other_way_round()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");

        network.Inject(Faults.Restamp(200), AllHubs);
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("nobody")).Outcome);
        network.Heal();
        network.Inject(Faults.Restamp(404), AllHubs);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);
    }

    [Fact]
    public async Task An_answer_that_could_be_read_either_way_is_neither_when_its_status_is_not_the_hubs()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        var refusal = MessageJson.Write(
            new ErrorAnswer { Type = DskeErrors.GetProblemType(DskeError.ShareUnknown), Title = DskeErrors.GetTitle(DskeError.ShareUnknown), Status = 404 }, Dialect.Guide);

        // The hubs refuse, in the words of a success.
        await InjectAsync(Faults.Restamp(200), Faults.Lie(static answer => answer with { Status = 503 }));
        Assert.Equal(KeyOutcome.Unavailable, (await carol.EstablishAsync("serena")).Outcome);
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);

        // The hubs say something that is no refusal, in the words of one.
        await InjectAsync(Faults.Restamp(404), Faults.Lie(answer => answer with { Status = 200, Body = refusal }));
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);

        // With the status that they were signed for, the same words count.
        await InjectAsync(Faults.Lie(answer => answer with { Status = 404, Body = refusal }));
        Assert.Equal(KeyOutcome.NotFound, (await celia.FetchAsync("sam", [key.Id])).Outcome);
        network.Heal();
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);

        async Task InjectAsync(params Fault[] faults)
        {
            await carol.UntilQuietAsync();
            await celia.UntilQuietAsync();
            network.Heal();
            foreach (var hub in network.Hubs)
            {
                hub.Inject(faults);
            }
        }
    }

    [Fact]
    public async Task Up_to_two_of_five_hubs_may_be_replaced_by_an_impostor_without_anybody_noticing()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.CorruptAnswer(), 0);
        network.Inject(Faults.Forge(DskeError.ShareNotYours), 4);

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_link_that_was_native_once_is_not_taken_for_a_foreign_one_again()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var before = new LinkStates(network, celia, carol);
        var registrations = network.Hubs[0].Registrations;
        foreach (var hub in network.Hubs)
        {
            // Somebody strips the header from the answers; the hub itself is as before.
            hub.StripsInstance = true;
        }

        await network.LeapAsync(Limits.RenewInterval);
        await Eventually.TrueAsync(() => network.Hubs.All(hub => hub.Registrations > registrations), "registrations were renewed");
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        await before.AssertKeptAsync();
        Assert.All(carol.Engine.Links, link => Assert.True(link.Session!.IsNative));
    }

    /// <summary>What must not change by anything that is not authentic.</summary>
    private sealed class LinkStates(InMemoryNetwork network, params InMemoryClient[] clients)
    {
        private readonly List<object> _sessions = [.. SessionsOf(clients)];
        private readonly List<Guid> _blocks = [.. BlocksOf(network, clients)];

        public async Task AssertKeptAsync()
        {
            foreach (var client in clients)
            {
                await client.UntilQuietAsync();
            }

            Assert.Equal(_sessions, SessionsOf(clients));

            // Blocks may come, by refills; none may go.
            Assert.Superset(_blocks.ToHashSet(), BlocksOf(network, clients).ToHashSet());

            // What is gone at a client is what its messages named, and no more.
            foreach (var block in clients.SelectMany(client => client.Engine.Links).SelectMany(link => link.Session!.ClientOwned.GetStatus()))
            {
                Assert.Equal(network.Audit.CountUsed(block.BlockId), block.UsedBytes);
            }

            // And at a hub, what it signed with; the client has no less of it than the hub.
            foreach (var block in network.Hubs.SelectMany(hub => hub.Engine.GetClients()).SelectMany(client => client.HubOwned))
            {
                Assert.Equal(network.Audit.CountUsed(block.BlockId), block.UsedBytes);
            }
        }

        private static IEnumerable<object> SessionsOf(IEnumerable<InMemoryClient> clients)
            => clients.SelectMany(client => client.Engine.Links).Select(link => link.Session!);

        private static IEnumerable<Guid> BlocksOf(InMemoryNetwork network, IEnumerable<InMemoryClient> clients)
            => clients.SelectMany(client => client.Engine.Links)
                .SelectMany(link => link.Session!.ClientOwned.GetStatus().Concat(link.Session.HubOwned.GetStatus()))
                .Concat(network.Hubs.SelectMany(hub => hub.Engine.GetClients()).SelectMany(client => client.ClientOwned.Concat(client.HubOwned)))
                .Select(block => block.BlockId)
                .Order();
    }
}
