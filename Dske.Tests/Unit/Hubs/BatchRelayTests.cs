using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Several shares in one message: all or none in, each by itself out.</summary>
[Trait("Tier", "Unit")]
public sealed class BatchRelayTests : IDisposable
{
    private readonly HubFixture _fixture = new(new HubLimits { HoldTime = TimeSpan.Zero, MaxSharesPerClient = 200 });
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;

    public BatchRelayTests()
    {
        _carol = _fixture.Enrol("carol", "sam");
        _celia = _fixture.Enrol("celia", "serena", "selma");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(KeySharesQuery.MaxKeys)]
    public async Task Shares_come_out_as_they_went_in(int count)
    {
        Assert.Equal(HubAnswerKind.Accepted, (await PostAsync(Ids(count))).Kind);

        var reply = await GetAsync(Ids(count));

        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        Assert.Equal(Ids(count), reply.Shares!.Select(share => share.KeyId));
        Assert.All(reply.Shares!, (share, i) => Assert.Equal((2, Value(i)), (share.Share!.Index, Convert.ToHexString(share.Share.Value.Span))));
        Assert.All(_fixture.Hub.GetShares(1000), share => Assert.True(share.Delivered));
        Dispose(reply);
    }

    [Fact]
    public async Task A_batch_takes_one_signing_key_and_one_pad()
    {
        var before = _carol.Session.ClientOwned.AvailableBytes;
        await PostAsync(Ids(10));
        Assert.Equal(before - 32 - (10 * 32), _carol.Session.ClientOwned.AvailableBytes);

        var spent = _celia.Session.ClientOwned.AvailableBytes;
        Dispose(await GetAsync(Ids(10)));
        Assert.Equal(spent - 32, _celia.Session.ClientOwned.AvailableBytes);
    }

    [Fact]
    public async Task For_every_key_it_is_said_what_there_is()
    {
        await PostAsync([Id(1), Id(2)]);
        await PostAsync([Id(3), Id(4)], slave: "selma");

        var reply = await GetAsync([Id(9), Id(2), Id(3), Id(1)]);

        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        Assert.Equal([DskeError.ShareUnknown, null, DskeError.ShareNotYours, null], reply.Shares!.Select(share => share.Error));
        Assert.Equal([false, true, false, true], reply.Shares!.Select(share => share.Share is not null));
        Dispose(reply);
    }

    [Fact]
    public async Task When_there_is_no_share_at_all_no_pad_is_spent()
    {
        var before = _celia.Status.HubOwned.Sum(block => block.UnusedBytes);

        var reply = await GetAsync([Id(1), Id(2)]);

        Assert.All(reply.Shares!, share => Assert.Equal(DskeError.ShareUnknown, share.Error));
        Assert.Equal(before - 32, _celia.Status.HubOwned.Sum(block => block.UnusedBytes));
    }

    [Fact]
    public async Task One_share_that_conflicts_keeps_all_out()
    {
        await PostAsync([Id(1)]);

        var reply = await PostAsync([Id(2), Id(1), Id(3)]);

        Assert.Equal((HubAnswerKind.Refused, DskeError.ShareConflict), (reply.Kind, reply.Error));
        Assert.Equal(Id(1), Assert.Single(_fixture.Hub.GetShares(10)).KeyId);
    }

    [Fact]
    public async Task The_same_shares_again_are_as_good_as_the_first_time()
    {
        await PostAsync(Ids(3));

        Assert.Equal(HubAnswerKind.Accepted, (await PostAsync(Ids(3))).Kind);
        Assert.Equal(HubAnswerKind.Accepted, (await PostAsync(Ids(5))).Kind);

        Assert.Equal(5, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task Shares_beyond_the_limit_keep_all_out()
    {
        await PostAsync(Ids(100));

        var reply = await PostAsync([.. Ids(KeySharesQuery.MaxKeys).Select((_, i) => Id(500 + i))]);

        Assert.Equal((HubAnswerKind.Refused, DskeError.ShareLimitReached), (reply.Kind, reply.Error));
        Assert.Equal(100, _fixture.Hub.ShareCount);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(KeySizes.MaxBytes)]
    public async Task A_batch_that_no_client_of_ours_sends_is_refused_before_anything_is_used(int size)
    {
        var before = _fixture.Snapshot();
        var shares = Enumerable.Range(0, 2).Select(i => new PostedShare { UserKeyId = Id(i), EncryptedShareValue = new byte[size] }).ToList();
        List<IReadOnlyList<PostedShare>> odd = [[], [shares[0], shares[0]], [.. Ids(KeySharesQuery.MaxKeys + 1).Select(id => new PostedShare { UserKeyId = id, EncryptedShareValue = new byte[4] })]];
        if (size == KeySizes.MaxBytes)
        {
            odd.Add(shares);
        }

        foreach (var posted in odd)
        {
            var body = MessageJson.Write(
                new PostKeySharesRequest
                {
                    MasterClientName = "carol",
                    MasterSaeId = "sam",
                    SlaveSaeId = "serena",
                    ShareIndex = 2,
                    EncryptionKeyAllocation = new Allocation(),
                    Shares = posted,
                },
                Dialect.Guide);
            var answer = await _carol.SendAsync(_carol.Sign(true, "bind=1", body) with { Resource = OutgoingRequest.KeyShares });

            Assert.Equal((DskeError.MalformedMessage, null), (answer.Error, answer.Signature));
        }

        Assert.Equal(before, _fixture.Snapshot());
    }

    [Fact]
    public async Task A_short_share_among_others_keeps_all_out()
    {
        var reply = await PostAsync([Id(1), Id(2)], size: 3);

        Assert.Equal((HubAnswerKind.Refused, DskeError.ShareSizeOutOfRange), (reply.Kind, reply.Error));
        Assert.Equal(0, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task What_does_not_fit_into_an_answer_is_left_off_and_had_with_the_next_one()
    {
        const int Size = 900_000;
        foreach (var peer in new[] { _carol, _celia })
        {
            peer.Fetch(PoolOwner.Client, 4 * 1024 * 1024);
            peer.Fetch(PoolOwner.Hub, 4 * 1024 * 1024);
        }

        await PostAsync([Id(1), Id(2)], size: Size);
        await PostAsync([Id(3)], size: Size);

        var reply = await GetAsync([Id(1), Id(2), Id(3), Id(9)]);

        Assert.Equal([null, null, DskeError.ShareLeftOff, DskeError.ShareLeftOff], reply.Shares!.Select(share => share.Error));
        Assert.Equal([true, true, false], _fixture.Hub.GetShares(10).OrderBy(share => share.KeyId).Select(share => share.Delivered));
        Dispose(reply);
        var rest = await GetAsync([Id(3), Id(9)]);
        Assert.Equal([null, DskeError.ShareUnknown], rest.Shares!.Select(share => share.Error));
        Dispose(rest);
    }

    [Fact]
    public async Task A_forged_batch_changes_nothing_and_the_true_one_still_works()
    {
        var request = Prepare(Ids(3));
        var before = _fixture.Snapshot();
        var forged = request with { Body = request.Body.ToArray().Select((b, i) => i == request.Body.Length - 8 ? (byte)(b ^ 1) : b).ToArray() };

        Assert.Contains((await _carol.SendAsync(forged)).Error, new DskeError?[] { DskeError.SignatureInvalid, DskeError.MalformedMessage });

        Assert.Equal(before, _fixture.Snapshot());
        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(request)).Kind);
    }

    [Fact]
    public async Task A_batch_is_answered_for_its_own_request_only()
    {
        await PostAsync(Ids(3));
        var (first, second) = (PrepareGet(Ids(3)), PrepareGet(Ids(3)));

        var answer = await _celia.SendAsync(first);

        Assert.Equal(HubAnswerKind.None, _celia.Read(second, answer).Kind);
        Assert.Equal(HubAnswerKind.None, _celia.Read(first, answer with { Status = 409 }).Kind);
        Dispose(_celia.Read(first, answer));
    }

    [Fact]
    public async Task Other_implementations_send_no_batches()
    {
        var foreign = _fixture.Enrol("cindy", Dialect.Reference, "sid");
        var request = foreign.Sign(false, "client_name=cindy&master_sae_id=sam&slave_sae_id=sid&key_ids=" + Id(1) + "&bind=1", default) with { Resource = OutgoingRequest.KeyShares };

        Assert.Equal(DskeError.SignatureMalformed, (await foreign.SendAsync(request)).Error);
        Assert.Throws<ArgumentException>(() => foreign.Session.TryPrepareGet(new KeyDescription(foreign.Name, Ids(2), SaeId.Parse("sam"), SaeId.Parse("sid"), []), out _));
    }

    public void Dispose() => _fixture.Dispose();

    private static Guid Id(int i) => new(i, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private static List<Guid> Ids(int count) => [.. Enumerable.Range(0, count).Select(Id)];

    private static string Value(int i, int size = 32) => Convert.ToHexString(Enumerable.Repeat((byte)i, size).ToArray());

    private static void Dispose(HubReply reply)
    {
        foreach (var share in reply.Shares!)
        {
            share.Share?.Dispose();
        }
    }

    private OutgoingRequest Prepare(IReadOnlyList<Guid> ids, string slave = "serena", int size = 32)
    {
        var shares = ids.Select((_, i) => new Share(2, SecretBytes.CopyOf(Convert.FromHexString(Value(i, size))))).ToList();
        Assert.Equal(PsrdOutcome.Ok, _carol.Session.TryPreparePost(Describe(_carol, ids, slave), shares, out var request));
        shares.ForEach(share => share.Dispose());
        return request!;
    }

    private OutgoingRequest PrepareGet(IReadOnlyList<Guid> ids)
    {
        Assert.Equal(PsrdOutcome.Ok, _celia.Session.TryPrepareGet(Describe(_celia, ids, "serena"), out var request));
        return request!;
    }

    private static KeyDescription Describe(HubPeer peer, IReadOnlyList<Guid> ids, string slave) => new(peer.Name, ids, SaeId.Parse("sam"), SaeId.Parse(slave), []);

    private Task<HubReply> PostAsync(IReadOnlyList<Guid> ids, string slave = "serena", int size = 32) => _carol.ExchangeAsync(Prepare(ids, slave, size));

    private Task<HubReply> GetAsync(IReadOnlyList<Guid> ids) => _celia.ExchangeAsync(PrepareGet(ids));
}
