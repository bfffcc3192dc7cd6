using System.Text.Json.Nodes;
using Dske.Protocol;
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

    [Theory]
    [InlineData(KeySizes.MinBytes)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(KeySizes.MaxBytes)]
    public async Task Two_hubs_that_hand_out_shares_of_another_length_first_decide_nothing_and_are_named(int length)
    {
        // The long ones need blocks that are longer still.
        var blockSize = Math.Max(16 * 1024, length * 3 / 2);
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { Psrd = new PsrdTargets(blockSize, blockSize / 4, blockSize) });
        await using var _ = network;
        var named = new List<HubAccusation>();
        celia.Engine.Reputation.Accused += (_, accusation) => named.Add(accusation);
        network.Inject(Faults.LieAboutLength(length, blockSize), 0, 1);
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);

        await celia.UntilQuietAsync();
        Assert.Equal(["hank", "helen"], named.Select(accusation => accusation.Hub.Value).Order());
    }

    [Fact]
    public async Task A_share_that_is_longer_than_any_key_is_none()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.OnGet(Faults.LieAbout("encrypted_share_value", Convert.ToBase64String(new byte[KeySizes.MaxBytes + 1]))), 0, 1);
        var key = await carol.EstablishKeyAsync("serena");

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }

    [Fact]
    public async Task A_hub_that_answers_a_fetch_with_what_it_said_about_another_key_decides_nothing()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var longer = await carol.EstablishKeyAsync("serena", 64);
        var key = await carol.EstablishKeyAsync("serena", 32);

        // Signed for this request, but its pad was used before: a native hub that binds its answers has to lie itself to say it again.
        await celia.FetchAsync("sam", [longer.Id]);
        var other = network.Hubs[0].Exchanges.Last(exchange => exchange.KeyId == longer.Id && !exchange.Request.IsPost).Answered!;
        network.Hubs[0].Inject(Faults.OnGet(Faults.Lie(_ => other)));

        Assert.Equal(key.Bytes, (await celia.FetchKeyAsync("sam", key.Id)).Bytes);
    }
}
