using System.Text.Json.Nodes;
using Dske.Protocol.Clients;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>Hubs that sign what they say, and lie.</summary>
[Trait("Tier", "Unit")]
public sealed class DishonestHubTests
{
    public static TheoryData<int, int> Pairs => [.. from a in Enumerable.Range(0, 5) from b in Enumerable.Range(a + 1, 4 - a) select (a, b)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_of_five_hubs_may_hand_out_wrong_shares(int one, int other)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.SpoilShares, one, other);

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task With_three_of_five_lying_no_key_is_better_than_a_wrong_one()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.SpoilShares, 0, 2, 4);
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(new KeyResult(KeyOutcome.Unavailable, null), await celia.FetchAsync("sam", [key.Id]));

        network.Hubs[2].Heal();
        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_hub_that_speaks_for_another_hubs_share_keeps_nobodys_share_out()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Hubs[0].Inject(Faults.OnGet(Faults.LieAbout("share_index", 1)));
        network.Hubs[4].Inject(Faults.OnGet(Faults.LieAbout("share_index", 17)));

        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task Hubs_that_sign_what_cannot_be_read_are_as_good_as_silent()
    {
        var allocation = """{"fragments":[{"block_uuid":"00000000-0000-4000-8000-000000000000","start_byte":0,"size":32}]}""";
        foreach (var fault in new[]
        {
            Faults.Lie(static answer => answer with { Body = "not JSON"u8.ToArray() }),
            Faults.Lie(static answer => answer with { Body = default }),
            Faults.LieAbout("unknown_member", 1),
            Faults.LieAbout("psrd_available", "many"),
            Faults.OnGet(Faults.LieAbout("encrypted_share_value", "")),
            Faults.OnGet(Faults.LieAbout("encrypted_share_value", "AA==")),
            Faults.OnGet(Faults.LieAbout("encrypted_share_value", Convert.ToBase64String(new byte[33]))),
            Faults.OnGet(Faults.LieAbout("encryption_key_allocation", JsonNode.Parse(allocation))),
            Faults.OnGet(Faults.LieAbout("encryption_key_allocation", null)),
            Faults.Lie(static answer => answer with { Status = 204 }),
            Faults.Lie(static answer => answer with { Status = 500 }),
        })
        {
            var (network, carol, celia) = await InMemoryNetwork.StartAsync();
            await using var _ = network;
            var key = await carol.EstablishKeyAsync("serena");
            network.Inject(fault, 1, 3);

            Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
            var other = await carol.EstablishKeyAsync("serena");
            Assert.Equal(other.Bytes, (await celia.FetchKeyAsync("sam", other.Id)).Bytes);
        }
    }

    [Fact]
    public async Task A_hub_that_answers_a_fetch_with_a_share_of_another_length_decides_nothing()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var longer = await carol.EstablishKeyAsync("serena", 64);
        var key = await carol.EstablishKeyAsync("serena", 32);

        // An authentic share of an authentic key: but of another one. A native hub binds it to the request, so it has to lie itself.
        await celia.FetchAsync("sam", [longer.Id]);
        var other = network.Hubs[0].Exchanges.Last(exchange => exchange.KeyId == longer.Id && !exchange.Request.IsPost).Answered!;
        network.Hubs[0].Inject(Faults.OnGet(Faults.Lie(_ => other)));

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }
}
