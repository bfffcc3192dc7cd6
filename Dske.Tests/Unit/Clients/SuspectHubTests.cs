using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Management;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Who hands out wrong shares is named, and suspect once two initiators have to do with it.</summary>
[Trait("Tier", "Unit")]
public sealed class SuspectHubTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_that_spoils_shares_of_two_initiators_is_suspect()
    {
        // A client whose name no other test's metrics have.
        await using var network = new InMemoryNetwork();
        var carol = await network.StartClientAsync("carol", "sam");
        var dave = await network.StartClientAsync("dave", "dora");
        var cleo = await network.StartClientAsync("cleo", "serena");
        using var accusations = new CounterRecorder(ClientMetrics.SourceName, "dske.client.hubs.accusations");
        var named = NamedBy(cleo);
        network.Inject(Faults.SpoilShares, 1);

        var one = await carol.EstablishKeyAsync("serena");
        await cleo.FetchKeyAsync("sam", one.Id);
        Assert.Empty(cleo.Engine.Reputation.Suspects);
        var other = await dave.EstablishKeyAsync("serena");
        await cleo.FetchKeyAsync("dora", other.Id);

        Assert.Equal([1], cleo.Engine.Reputation.Suspects);
        Assert.Equal([new(NodeName.Parse("helen"), "sam", one.Id), new HubAccusation(NodeName.Parse("helen"), "dora", other.Id)], named);
        Assert.Equal([false, true, false, false, false], ClientReport.Of(cleo.Engine).PeerHubs.Select(hub => hub.Suspect));
        Assert.Equal(2, accusations.Measurements.Count(measurement => IsOf(measurement.Tags, "cleo", "helen")));
        Assert.Equal([0, 1, 0, 0, 0], MeasureSuspects("cleo"));
    }

    [Fact]
    public async Task A_suspect_hub_is_asked_like_any_other_and_recovers()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var dave = await network.StartClientAsync("dave", "dora");
        celia.Engine.Reputation.Accuse(0, "sam", network.Entropy.NextUuid());
        celia.Engine.Reputation.Accuse(0, "dora", network.Entropy.NextUuid());
        Assert.Equal([0], celia.Engine.Reputation.Suspects);

        for (var i = 0; i < HubReputation.HonestShares / 2; i++)
        {
            Assert.Equal([0], celia.Engine.Reputation.Suspects);
            var key = await carol.EstablishKeyAsync("serena");
            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            var other = await dave.EstablishKeyAsync("serena");
            Assert.Equal(other.Bytes, (await celia.FetchKeyAsync("dora", other.Id)).Bytes);
            Assert.All(network.Hubs, hub => Assert.Single(hub.Exchanges, exchange => !exchange.Request.IsPost && exchange.KeyId == key.Id));
        }

        Assert.Empty(celia.Engine.Reputation.Suspects);
    }

    [Fact]
    public async Task An_initiator_that_frames_an_honest_hub_does_not_make_it_suspect()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var mallory = await network.StartClientAsync("mallory", "mike");
        var named = NamedBy(celia);
        for (var i = 0; i < 5; i++)
        {
            var key = await FrameAsync(network, mallory, hub: 2);
            await celia.FetchKeyAsync("mike", key);
            var honest = await carol.EstablishKeyAsync("serena");
            await celia.FetchKeyAsync("sam", honest.Id);
        }

        Assert.Equal(5, named.Count(accusation => accusation.Hub == NodeName.Parse("hilary")));
        Assert.All(named, accusation => Assert.Equal((NodeName.Parse("hilary"), "mike"), (accusation.Hub, accusation.Initiator)));
        Assert.Empty(celia.Engine.Reputation.Suspects);
    }

    [Fact]
    public async Task A_hub_that_lies_only_sometimes_is_named_each_time()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var dave = await network.StartClientAsync("dave", "dora");
        var named = NamedBy(celia);
        var count = 0;
        var lies = 0;
        network.Inject(
            (exchange, deliver, token) =>
            {
                if (Interlocked.Increment(ref count) % 3 != 0)
                {
                    return deliver();
                }

                // Only what it hands out can be a lie.
                lies += exchange.Request.IsPost ? 0 : 1;
                return Faults.SpoilShares(exchange, deliver, token);
            },
            4);

        for (var i = 0; i < 6; i++)
        {
            var key = await carol.EstablishKeyAsync("serena");
            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            var other = await dave.EstablishKeyAsync("serena");
            Assert.Equal(other.Bytes, (await celia.FetchKeyAsync("dora", other.Id)).Bytes);
        }

        await celia.UntilQuietAsync();
        Assert.True(lies > 1, $"{lies} lies");
        Assert.Equal(lies, named.Count);
        Assert.All(named, accusation => Assert.Equal(NodeName.Parse("hugo"), accusation.Hub));
        Assert.Equal([4], celia.Engine.Reputation.Suspects);
    }

    [Fact]
    public async Task A_liar_that_is_slower_than_the_key_is_named_as_well()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var key = await carol.EstablishKeyAsync("serena");
        var named = NamedBy(celia);
        var gate = new Gate();
        network.Inject(Faults.HoldAnswer(gate), 3);
        network.Inject(Faults.SpoilShares, 3);

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
        Assert.Empty(named);
        gate.Open();

        await Eventually.TrueAsync(() => named.Count > 0, "the slow liar is named");
        Assert.Equal(new HubAccusation(NodeName.Parse("holly"), "sam", key.Id), Assert.Single(named));
    }

    [Fact]
    public async Task Whatever_a_hub_hands_out_in_place_of_its_share_it_is_named()
    {
        foreach (var lie in new[]
        {
            Faults.OnGet(Faults.LieAbout("share_index", 1)),
            Faults.OnGet(Faults.LieAbout("share_index", 254)),
            Faults.OnGet(Faults.LieAbout("share_index", 255)),
            Faults.OnGet(Faults.LieAbout("share_index", -1)),
            Faults.SpoilShares,
            Truncate,
        })
        {
            var (network, carol, celia) = await InMemoryNetwork.StartAsync();
            await using var _ = network;
            var named = NamedBy(celia);
            network.Inject(lie, 0, 2);

            var key = await carol.EstablishKeyAsync("serena");

            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            Assert.Equal(["hank", "hilary"], named.Select(accusation => accusation.Hub.Value).Order());
        }
    }

    [Fact]
    public async Task Nobody_is_named_without_a_key()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var named = NamedBy(celia);
        network.Inject(Faults.SpoilShares, 0, 1);
        network.Inject(Faults.OnGet(Faults.LieAbout("share_index", 254)), 2);
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);

        Assert.Empty(named);
    }

    [Fact]
    public async Task What_suspects_say_is_tried_last()
    {
        // Two candidates are enough only for who begins with the honest hubs.
        var settings = new NetworkSettings { ClientLimits = new ClientLimits { MaxCandidatesPerKey = 2, HubTimeout = TimeSpan.FromSeconds(4) } };
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(settings);
        await using var _ = network;
        network.Inject(Faults.SpoilShares, 0, 1);
        var key = await carol.EstablishKeyAsync("serena");
        Assert.Equal(KeyOutcome.Unavailable, (await celia.FetchAsync("sam", [key.Id])).Outcome);

        foreach (var hub in new[] { 0, 1 })
        {
            celia.Engine.Reputation.Accuse(hub, "dora", network.Entropy.NextUuid());
            celia.Engine.Reputation.Accuse(hub, "mike", network.Entropy.NextUuid());
        }

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Where_answers_can_be_exchanged_on_the_way_no_hub_becomes_suspect()
    {
        await using var network = new InMemoryNetwork();
        foreach (var hub in network.Hubs)
        {
            hub.IsForeign = true;
        }

        var carol = await network.StartClientAsync("carol", "sam");
        var celia = await network.StartClientAsync("celia", "serena");
        var dave = await network.StartClientAsync("dave", "dora");
        var named = NamedBy(celia);
        network.Inject(Faults.SpoilShares, 1);

        await celia.FetchKeyAsync("sam", (await carol.EstablishKeyAsync("serena")).Id);
        await celia.FetchKeyAsync("dora", (await dave.EstablishKeyAsync("serena")).Id);

        Assert.Equal(["sam", "dora"], named.Select(accusation => accusation.Initiator));
        Assert.Empty(celia.Engine.Reputation.Suspects);
    }

    /// <summary>Hands out an authentic share that lacks its last byte.</summary>
    private static Fault Truncate => Faults.OnGet(Faults.Lie(static answer =>
    {
        Assert.True(MessageJson.TryRead<GetKeyShareAnswer>(answer.Body.Span, Dialect.Guide, out var message));
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        body["encrypted_share_value"] = Convert.ToBase64String(message.EncryptedShareValue.AsSpan()[..^1]);
        var last = body["encryption_key_allocation"]!["fragments"]!.AsArray()[^1]!;
        last["size"] = last["size"]!.GetValue<int>() - 1;
        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }));

    private static List<HubAccusation> NamedBy(InMemoryClient client)
    {
        var named = new List<HubAccusation>();
        client.Engine.Reputation.Accused += (_, accusation) => named.Add(accusation);
        return named;
    }

    /// <summary>Makes a key by hand, and gives one hub a wrong share of it.</summary>
    private static async Task<Guid> FrameAsync(InMemoryNetwork network, InMemoryClient initiator, int hub)
    {
        var key = new KeyDescription(initiator.Name, network.Entropy.NextUuid(), initiator.Engine.Encryptors[0], SaeId.Parse("serena"));
        var shares = new ShamirScheme(network.Settings.Hubs, network.Settings.Threshold).Split(new byte[32], network.Entropy);
        shares[hub].Value.Span[7] ^= 1;
        foreach (var share in shares)
        {
            initiator.Link(share.Index).Session!.TryPreparePost(key, share, out var request);
            Assert.Equal(200, (await network.Hubs[share.Index].HandleAsync(initiator.Name, request!, Token))!.Status);
            share.Dispose();
        }

        return key.KeyIds[0];
    }

    private static List<int> MeasureSuspects(string client)
    {
        var values = new List<int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: "dske.client.hubs.suspect", Meter.Name: ClientMetrics.SourceName })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new KeyValuePair<string, object?>("dske.client", client)))
            {
                values.Add(value);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    private static bool IsOf(IReadOnlyDictionary<string, object?> tags, string client, string hub)
        => tags["dske.client"] is string c && c == client && tags["dske.hub"] is string h && h == hub;
}
