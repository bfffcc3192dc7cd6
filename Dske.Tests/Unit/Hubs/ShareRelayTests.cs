using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Shares in, shares out: who may hand in and fetch what, how often and until when.</summary>
[Trait("Tier", "Unit")]
public sealed class ShareRelayTests : IDisposable
{
    private static readonly byte[] Share = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly HubFixture _fixture;
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;

    public ShareRelayTests()
    {
        _fixture = new HubFixture(new HubLimits { HoldTime = TimeSpan.Zero, MaxSharesPerClient = 5, MaxShareBytesPerClient = 10_000 });
        _carol = _fixture.Enrol("carol", "sam", "sara");
        _celia = _fixture.Enrol("celia", "serena", "selma");
    }

    /// <summary>What a pool of one block keeps back, in bytes.</summary>
    private static long Reserve => PsrdReserve.Of(HubPeer.BlockSize);

    private Guid Id { get; } = Guid.Parse("00000000-0000-4000-8000-000000000001");

    private Guid OtherId { get; } = Guid.Parse("00000000-0000-4000-8000-000000000002");

    [Fact]
    public async Task A_share_comes_out_as_it_went_in()
    {
        await StoreAsync(_carol, _carol.Post(Id, index: 4, value: Share));

        var reply = await _celia.ExchangeAsync(_celia.Get(Id));

        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        Assert.Equal(4, reply.Share!.Index);
        Assert.Equal(Share, reply.Share.Value.Span.ToArray());
        Assert.Equal(_celia.Status.HubOwned.Sum(block => block.UnusedBytes) - Reserve, reply.PsrdAvailable);
        reply.Share.Dispose();
    }

    [Fact]
    public async Task Management_shows_everything_about_a_share_but_the_share()
    {
        await StoreAsync(_carol, _carol.Post(Id, index: 4, value: Share));

        var shown = Assert.Single(_fixture.Hub.GetShares(10));

        Assert.Equal(
            ("carol", Id, "sam", "serena", 4, 32, false, _fixture.Time.GetUtcNow() + _fixture.Limits.ShareTimeToLive),
            (shown.ClientName.Value, shown.KeyId, shown.MasterSaeId.Value, Assert.Single(shown.SlaveSaeIds).Value, shown.ShareIndex, shown.Size, shown.Delivered, shown.ExpiresAt));
        await _celia.FetchShareAsync(Id);
        Assert.True(Assert.Single(_fixture.Hub.GetShares(10)).Delivered);
        Assert.Empty(_fixture.Hub.GetShares(0));
    }

    [Theory]
    [InlineData("sofia", "serena", 0, 32, DskeError.MasterSaeNotOwned)]
    [InlineData("serena", "serena", 0, 32, DskeError.MasterSaeNotOwned)]
    [InlineData("celia", "serena", 0, 32, DskeError.MasterSaeNotOwned)]
    [InlineData("sam", "nobody", 0, 32, DskeError.SlaveSaeUnknown)]
    [InlineData("sam", "serena", -1, 32, DskeError.ShareIndexOutOfRange)]
    [InlineData("sam", "serena", 5, 32, DskeError.ShareIndexOutOfRange)]
    [InlineData("sam", "serena", int.MinValue, 32, DskeError.ShareIndexOutOfRange)]
    [InlineData("sam", "serena", int.MaxValue, 32, DskeError.ShareIndexOutOfRange)]
    [InlineData("sam", "serena", 0, 3, DskeError.ShareSizeOutOfRange)]
    [InlineData("sam", "serena", 0, 1, DskeError.ShareSizeOutOfRange)]
    public async Task A_share_that_may_not_be_is_refused_with_a_signature(string master, string slave, int index, int size, DskeError error)
    {
        var reply = await _carol.ExchangeAsync(_carol.Post(Id, slave, master, index, new byte[size]));

        Assert.Equal((HubAnswerKind.Refused, error), (reply.Kind, reply.Error));
        Assert.Equal(0, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task A_share_that_is_larger_than_any_key_is_refused_with_a_signature()
    {
        _carol.Fetch(PoolOwner.Client, 4 * 1024 * 1024);

        var reply = await _carol.ExchangeAsync(_carol.Post(Id, value: new byte[KeySizes.MaxBytes + 1]));

        Assert.Equal((HubAnswerKind.Refused, DskeError.ShareSizeOutOfRange), (reply.Kind, reply.Error));
    }

    [Fact]
    public async Task The_same_share_again_is_as_good_as_the_first_time()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        Assert.Equal(1, _fixture.Hub.ShareCount);
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Theory]
    [InlineData("serena", "sam", 1, 32)]
    [InlineData("serena", "sara", 0, 32)]
    [InlineData("selma", "sam", 0, 32)]
    [InlineData("serena", "sam", 0, 33)]
    [InlineData("serena", "sam", 0, 0)] // Stands for 32 other bytes.
    public async Task Another_share_under_the_same_key_is_refused_and_the_first_one_stays(string slave, string master, int index, int size)
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        var reply = await _carol.ExchangeAsync(_carol.Post(Id, slave, master, index, size == 32 ? Share : new byte[size == 0 ? 32 : size]));

        Assert.Equal((HubAnswerKind.Refused, DskeError.ShareConflict), (reply.Kind, reply.Error));
        Assert.Equal(409, DskeErrors.GetStatus(DskeError.ShareConflict));
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Fact]
    public async Task A_key_id_belongs_to_the_client_that_posts_it()
    {
        // Somebody who learns a key ID early cannot keep the key's shares out.
        var mallory = _fixture.Enrol("mallory", "mia");
        await StoreAsync(mallory, mallory.Post(Id, "serena", "mia", value: new byte[32]));
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        Assert.Equal(Share, await _celia.FetchShareAsync(Id, "sam"));
        Assert.Equal(new byte[32], await _celia.FetchShareAsync(Id, "mia"));
    }

    [Fact]
    public async Task Only_the_designated_encryptor_at_its_client_gets_a_share()
    {
        var conny = _fixture.Enrol("conny", "sofia");
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        Assert.Equal(DskeError.ShareNotYours, (await conny.ExchangeAsync(conny.Get(Id, slave: "serena"))).Error);
        Assert.Equal(DskeError.ShareNotYours, (await conny.ExchangeAsync(conny.Get(Id, slave: "sofia"))).Error);
        Assert.Equal(DskeError.ShareNotYours, (await _celia.ExchangeAsync(_celia.Get(Id, slave: "selma"))).Error);
        Assert.Equal(DskeError.ShareNotYours, (await _carol.ExchangeAsync(_carol.Get(Id, slave: "serena"))).Error);
        Assert.False(Assert.Single(_fixture.Hub.GetShares(1)).Delivered);
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Fact]
    public async Task Whoever_names_another_master_or_key_does_not_know_the_share()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(Id, master: "sara"))).Error);
        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(OtherId))).Error);
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Fact]
    public async Task A_claim_that_comes_later_opens_nothing()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        Assert.Null(_celia.Register("selma").Error);
        var conny = _fixture.Enrol("conny", "serena");

        Assert.Equal(DskeError.ShareNotYours, (await conny.ExchangeAsync(conny.Get(Id))).Error);

        // It was meant for serena at celia, and there it still can be had.
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Fact]
    public async Task A_share_can_be_asked_for_again_for_a_minute_by_the_client_that_got_it()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));

        _fixture.Time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));

        // The window began with the first delivery.
        _fixture.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(Id))).Error);
        Assert.Equal(0, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task A_share_that_nobody_fetches_goes_after_its_time_and_makes_room_for_the_same_id()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));

        _fixture.Time.Advance(_fixture.Limits.ShareTimeToLive);
        _fixture.Hub.Sweep();

        Assert.Equal(0, _fixture.Hub.ShareCount);
        await StoreAsync(_carol, _carol.Post(Id, value: new byte[32]));
    }

    [Fact]
    public async Task A_late_delivery_does_not_prolong_a_shares_life()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        _fixture.Time.Advance(_fixture.Limits.ShareTimeToLive - TimeSpan.FromSeconds(1));
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(DskeError.ShareUnknown, (await _celia.ExchangeAsync(_celia.Get(Id))).Error);
    }

    [Fact]
    public async Task A_client_may_have_so_many_shares_waiting_and_no_more()
    {
        for (var i = 0; i < _fixture.Limits.MaxSharesPerClient; i++)
        {
            await StoreAsync(_carol, _carol.Post(_fixture.Entropy.NextUuid()));
        }

        Assert.Equal(DskeError.ShareLimitReached, (await _carol.ExchangeAsync(_carol.Post(Id, value: Share))).Error);

        // Nobody else is limited by that, and what goes makes room.
        await StoreAsync(_celia, _celia.Post(Id, "sam", "serena"));
        _fixture.Time.Advance(_fixture.Limits.ShareTimeToLive);
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
    }

    [Fact]
    public async Task A_client_may_have_shares_of_so_many_bytes_waiting_and_no_more()
    {
        await StoreAsync(_carol, _carol.Post(OtherId, value: new byte[6000]));

        Assert.Equal(DskeError.ShareLimitReached, (await _carol.ExchangeAsync(_carol.Post(Id, value: new byte[4001]))).Error);

        await StoreAsync(_carol, _carol.Post(Id, value: new byte[4000]));
    }

    [Fact]
    public async Task A_hub_that_has_no_psrd_to_answer_with_says_so_without_a_signature_and_keeps_the_share()
    {
        Drain(_carol, 0);

        var answer = await _carol.SendAsync(_carol.Post(Id, value: Share));

        Assert.Equal((503, DskeError.OutOfPsrd), (answer.Status, answer.Error));
        Assert.Null(answer.Signature);
        _carol.Fetch(PoolOwner.Hub);
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    [Fact]
    public async Task A_hub_that_has_psrd_for_a_signature_only_says_how_much_it_lacks()
    {
        await StoreAsync(_carol, _carol.Post(Id, value: Share));
        Drain(_celia, 32);

        var reply = await _celia.ExchangeAsync(_celia.Get(Id));

        Assert.Equal((HubAnswerKind.Refused, DskeError.OutOfPsrd, 64L, 0L), (reply.Kind, reply.Error, reply.PsrdNeeded, reply.PsrdAvailable));
        Assert.False(Assert.Single(_fixture.Hub.GetShares(1)).Delivered);
        _celia.Fetch(PoolOwner.Hub);
        Assert.Equal(Share, await _celia.FetchShareAsync(Id));
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>Uses up the hub-owned pool but for some bytes, with answers that get lost.</summary>
    private void Drain(HubPeer peer, int left)
    {
        while (peer.Status.HubOwned.Sum(block => block.UnusedBytes) > Reserve + left)
        {
            if (peer.Session.ClientOwned.SpendableBytes < 100)
            {
                peer.Fetch(PoolOwner.Client);
            }

            peer.SendAsync(peer.Get(OtherId)).GetAwaiter().GetResult();
        }
    }

    private static async Task StoreAsync(HubPeer peer, OutgoingRequest request)
    {
        var reply = await peer.ExchangeAsync(request);
        Assert.Equal((HubAnswerKind.Accepted, null), (reply.Kind, reply.Error));
    }
}
