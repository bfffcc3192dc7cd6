using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

[Trait("Tier", "Unit")]
public sealed class KeyEstablishmentTests
{
    [Theory]
    [InlineData(KeySizes.MinBytes)]
    [InlineData(32)]
    [InlineData(1000)]
    public async Task Both_ends_hold_the_same_key(int size)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var made = await carol.EstablishKeyAsync("serena", size);
        var fetched = await celia.FetchKeyAsync("sam", made.Id);

        Assert.Equal(size, made.Bytes.Length);
        Assert.Equal(made.Id, fetched.Id);
        Assert.Equal(made.Bytes, fetched.Bytes);
    }

    [Fact]
    public async Task Each_hub_gets_one_share_and_none_gets_the_key()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        var key = await carol.EstablishKeyAsync("serena");

        Assert.All(network.Hubs, hub =>
        {
            var share = Assert.Single(hub.Engine.GetShares(10));
            Assert.Equal((key.Id, hub.Index, 32), (share.KeyId, share.ShareIndex, share.Size));
            Assert.Equal(("carol", "sam", "serena"), (share.ClientName.Value, share.MasterSaeId.Value, Assert.Single(share.SlaveSaeIds).Value));
            var sent = Assert.Single(hub.Exchanges).ReadPost().EncryptedShareValue;
            Assert.NotEqual(key.Bytes, sent);
        });
    }

    [Fact]
    public async Task Several_keys_at_once_are_all_different_and_all_arrive_in_order()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;

        var made = EstablishedKey.AllOf(await carol.EstablishAsync("serena", number: 20));
        var ids = made.Select(key => key.Id).Reverse().ToList();
        var fetched = EstablishedKey.AllOf(await celia.FetchAsync("sam", ids));

        Assert.Equal(20, made.DistinctBy(key => Convert.ToHexString(key.Bytes)).Count());
        Assert.Equal(ids, fetched.Select(key => key.Id));
        Assert.Equal(made.Reverse().Select(key => key.Bytes), fetched.Select(key => key.Bytes));
    }

    [Fact]
    public async Task Keys_pass_in_both_directions_and_between_encryptors_of_one_client()
    {
        await using var network = new InMemoryNetwork();
        var curtis = await network.StartClientAsync("curtis", "sunny", "susan");
        var carol = await network.StartClientAsync("carol", "sam");

        var toSusan = await curtis.EstablishKeyAsync("susan");
        var toSam = await curtis.EstablishKeyAsync("sam");
        var toSunny = await carol.EstablishKeyAsync("sunny");

        Assert.Equal(toSusan.Bytes, EstablishedKey.Of(await curtis.FetchAsync("sunny", [toSusan.Id], slave: "susan")).Bytes);
        Assert.Equal(toSam.Bytes, (await carol.FetchKeyAsync("sunny", toSam.Id)).Bytes);
        Assert.Equal(toSunny.Bytes, (await curtis.FetchKeyAsync("sam", toSunny.Id)).Bytes);
    }

    [Fact]
    public async Task A_clients_own_name_is_an_encryptor_of_its_own()
    {
        await using var network = new InMemoryNetwork();
        var cindy = await network.StartClientAsync("cindy");
        var carol = await network.StartClientAsync("carol", "sam");

        var made = await cindy.EstablishKeyAsync("carol");
        var fetched = EstablishedKey.Of(await carol.FetchAsync("cindy", [made.Id], slave: "carol"));

        Assert.Equal(made.Bytes, fetched.Bytes);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(16, 16)]
    [InlineData(16, 5)]
    public async Task Any_number_of_hubs_and_any_threshold_serve(int hubs, int threshold)
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync(new NetworkSettings { Hubs = hubs, Threshold = threshold });
        await using var _ = network;

        var made = await carol.EstablishKeyAsync("serena");

        Assert.Equal(made.Bytes, (await celia.FetchKeyAsync("sam", made.Id)).Bytes);
    }

    [Fact]
    public async Task Many_exchanges_at_once_mix_up_nothing()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        network.Inject(Faults.Interleave, 0, 1, 2, 3, 4);

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), TestContext.Current.CancellationToken, async (i, _) =>
        {
            var (maker, made, fetcher) = i % 2 == 0 ? (carol, "serena", celia) : (celia, "sam", carol);
            var key = await maker.EstablishKeyAsync(made, 16 + i);
            Assert.Equal(key.Bytes, (await fetcher.FetchKeyAsync(i % 2 == 0 ? "sam" : "serena", key.Id)).Bytes);
        });
    }

    [Fact]
    public async Task A_slave_that_nobody_has_is_told_apart_from_hubs_that_fail()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;

        Assert.Equal(new KeyResult(KeyOutcome.SlaveSaeUnknown, null), await carol.EstablishAsync("nobody"));
    }

    [Fact]
    public async Task Misuse_throws()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var (sam, serena) = (SaeId.Parse("sam"), SaeId.Parse("serena"));
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentException>("master", () => carol.Engine.EstablishAsync(serena, sam, 1, 32, token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("number", () => carol.Engine.EstablishAsync(sam, serena, 0, 32, token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("size", () => carol.Engine.EstablishAsync(sam, serena, 1, KeySizes.MinBytes - 1, token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("size", () => carol.Engine.EstablishAsync(sam, serena, 1, KeySizes.MaxBytes + 1, token));
        await Assert.ThrowsAsync<ArgumentException>("slave", () => carol.Engine.FetchAsync([Guid.Empty], sam, serena, token));
        await Assert.ThrowsAsync<ArgumentException>("keyIds", () => carol.Engine.FetchAsync([], serena, sam, token));
        await Assert.ThrowsAsync<ArgumentException>("keyIds", () => carol.Engine.FetchAsync([Guid.Empty, Guid.Empty], serena, sam, token));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => carol.Engine.CountAvailableKeys(0));
    }

    [Fact]
    public async Task A_caller_that_is_gone_is_not_waited_for()
    {
        var (network, carol, celia) = await InMemoryNetwork.StartAsync();
        await using var _ = network;
        var gate = new Gate();
        network.Inject(Faults.HoldMessage(gate), 0, 1, 2);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var making = carol.Engine.EstablishAsync(SaeId.Parse("sam"), SaeId.Parse("serena"), 1, 32, gone.Token);
        await gate.UntilWaitingAsync(3);
        var fetching = celia.Engine.FetchAsync([network.Hubs[0].Exchanges.First().KeyId], SaeId.Parse("sam"), SaeId.Parse("serena"), gone.Token);
        await gate.UntilWaitingAsync(6);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => making);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
    }

    [Fact]
    public async Task The_number_of_keys_that_can_be_made_is_that_of_the_weakest_link_needed()
    {
        var (network, carol, _) = await InMemoryNetwork.StartAsync();
        await using var end = network;
        var available = carol.Link(0).Session!.ClientOwned.SpendableBytes;

        Assert.Equal(available / 64, carol.Engine.CountAvailableKeys(32));

        network.Hubs[0].Restart();
        carol.Link(1).Session!.ClientOwned.Clear();
        carol.Link(2).Session!.ClientOwned.Clear();
        Assert.Equal(available / 64, carol.Engine.CountAvailableKeys(32));

        carol.Link(3).Session!.ClientOwned.Clear();
        Assert.Equal(0, carol.Engine.CountAvailableKeys(32));
        Assert.False(carol.Engine.IsReady);
    }
}
