using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Only what is authentic changes anything, and that is answered with a signature.</summary>
[Trait("Tier", "Unit")]
public sealed class RequestVerificationTests : IDisposable
{
    private readonly HubFixture _fixture = new();
    private readonly HubPeer _carol;
    private readonly HubPeer _celia;

    public RequestVerificationTests() => (_carol, _celia) = (_fixture.Enrol("carol", "sam"), _fixture.Enrol("celia", "serena"));

    private Guid Id { get; } = Guid.Parse("00000000-0000-4000-8000-000000000001");

    [Fact]
    public async Task Whatever_of_a_request_is_changed_it_is_refused_and_the_true_one_still_works()
    {
        var post = _carol.Post(Id);
        var get = _celia.Get(Id);
        var forgeries = new (string What, OutgoingRequest Request, DskeError Error)[]
        {
            ("body", post with { Body = Edit(post, body => body["user_key_id"] = Guid.Empty.ToString()) }, DskeError.SignatureInvalid),
            ("share", post with { Body = Edit(post, body => body["encrypted_share_value"] = Convert.ToBase64String(new byte[32])) }, DskeError.SignatureInvalid),
            ("spelling", post with { Body = Encoding.UTF8.GetBytes(" " + Encoding.UTF8.GetString(post.Body.Span)) }, DskeError.SignatureInvalid),
            ("client", post with { Body = Edit(post, body => body["master_client_name"] = "celia") }, DskeError.PsrdUnknownBlock),
            ("unknown client", post with { Body = Edit(post, body => body["master_client_name"] = "mallory") }, DskeError.ClientNotRegistered),
            ("binding of a post", post with { Query = string.Empty }, DskeError.SignatureInvalid),
            ("binding of a get", get with { Query = get.Query.Replace("&bind=1", string.Empty) }, DskeError.SignatureInvalid),
            ("key", get with { Query = get.Query.Replace(Id.ToString(), Guid.Empty.ToString()) }, DskeError.SignatureInvalid),
            ("escaping", get with { Query = get.Query.Replace("serena", "s%65rena") }, DskeError.SignatureInvalid),
            ("order", get with { Query = string.Join('&', get.Query.Split('&').Reverse()) }, DskeError.SignatureInvalid),
            ("signature", get with { Signature = Flip(get.Signature) }, DskeError.SignatureInvalid),
            ("absent signature", post with { Signature = null! }, DskeError.SignatureMissing),
            ("empty signature", post with { Signature = string.Empty }, DskeError.SignatureMalformed),
            ("truncated signature", post with { Signature = post.Signature[..^1] }, DskeError.SignatureMalformed),
            ("doubled signature", post with { Signature = $"{post.Signature},{post.Signature}" }, DskeError.SignatureMalformed),
            ("other dialect", post with { Signature = post.Signature.Replace(';', '%') }, DskeError.SignatureMalformed),
            ("bytes from the wrong pool", post with { Signature = Renamed(post, _carol.Status.HubOwned[0].BlockId) }, DskeError.PsrdUnknownBlock),
            ("bytes beyond the block", post with { Signature = Moved(post, HubPeer.BlockSize - 31, 32) }, DskeError.PsrdInvalidRange),
            ("bytes far beyond the block", post with { Signature = Moved(post, long.MaxValue - 8, 32) }, DskeError.PsrdInvalidRange),
            ("too few bytes", post with { Signature = Moved(post, 64, 31) }, DskeError.PsrdInvalidRange),
            ("too many bytes", post with { Signature = Moved(post, 64, 33) }, DskeError.PsrdInvalidRange),
        };
        var before = _fixture.Snapshot();

        foreach (var (what, request, error) in forgeries)
        {
            var answer = request.IsPost ? await _carol.SendAsync(request) : await _celia.SendAsync(request);

            Assert.True(error == answer.Error, $"With another {what} the answer was {answer.Error}, not {error}.");
            Assert.True(answer.Signature is null, $"With another {what} the answer was signed: anybody could use up the hub's PSRD.");
            Assert.True(answer.Status is >= 400 and < 500, $"With another {what} the status was {answer.Status}.");
            Assert.True(before == _fixture.Snapshot(), $"A request with another {what} changed something.");
        }

        Assert.Equal(HubAnswerKind.Accepted, (await _carol.ExchangeAsync(post)).Kind);
        Assert.Equal(HubAnswerKind.Accepted, (await _celia.ExchangeAsync(get)).Kind);
    }

    [Fact]
    public async Task A_request_counts_once()
    {
        var (post, get) = (_carol.Post(Id), _celia.Get(Id));
        await _carol.SendAsync(post);
        await _celia.SendAsync(get);
        var before = _fixture.Snapshot();

        // The hub cannot tell a repeated request from one of a client that it is out of step with: once a second it says, signed, that the
        // bytes are gone, which settles nothing but leads to a sync.
        foreach (var (peer, request) in new[] { (_carol, post), (_celia, get) })
        {
            Assert.Equal((HubAnswerKind.Refused, DskeError.PsrdGone), ReadError(await peer.ExchangeAsync(request)));
        }

        before = _fixture.Snapshot();
        Assert.Equal((DskeError.PsrdAlreadyUsed, null), ErrorOf(await _carol.SendAsync(post)));
        Assert.Equal((DskeError.PsrdAlreadyUsed, null), ErrorOf(await _celia.SendAsync(get)));
        Assert.Equal(before, _fixture.Snapshot());

        static (HubAnswerKind, DskeError?) ReadError(HubReply reply) => (reply.Kind, reply.Error);
    }

    [Fact]
    public async Task Repeated_requests_cost_a_link_at_most_a_thousand_signatures_a_day()
    {
        var post = _carol.Post(Id);
        await _carol.SendAsync(post);
        var signed = 0;

        for (var i = 0; i < 1100; i++)
        {
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
            signed += (await _carol.SendAsync(post)).Signature is null ? 0 : 1;
            Assert.Null((await _carol.SendAsync(post)).Signature);
            if (_carol.Status.HubOwned.Sum(block => block.UnusedBytes) < 4096)
            {
                _carol.Fetch(PoolOwner.Hub);
            }
        }

        Assert.Equal(1000, signed);
        _fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.NotNull((await _carol.SendAsync(post)).Signature);
    }

    [Fact]
    public async Task Of_one_request_delivered_many_times_at_once_one_counts()
    {
        for (var i = 0; i < 20; i++)
        {
            var post = _carol.Post(_fixture.Entropy.NextUuid());

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _carol.SendAsync(post))));

            Assert.Single(answers, answer => answer.Error is null);
            Assert.InRange(answers.Count(answer => answer.Error == DskeError.PsrdGone), 0, 1);
            Assert.All(
                answers.Where(answer => answer.Error is not null and not DskeError.PsrdGone),
                answer => Assert.Equal((DskeError.PsrdAlreadyUsed, null), ErrorOf(answer)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"master_client_name\":")]
    [InlineData("\u00ff\u00fe")]
    public async Task What_is_no_message_is_refused_even_with_a_signature_that_fits(string body)
        => await AssertMalformedAsync(_carol.Sign(true, KeyShareQuery.BindParameter, Encoding.Latin1.GetBytes(body)));

    [Theory]
    [InlineData("master_client_name", "7")]
    [InlineData("master_client_name", "null")]
    [InlineData("user_key_id", "\"no-uuid\"")]
    [InlineData("user_key_id", "7")]
    [InlineData("share_index", "\"0\"")]
    [InlineData("share_index", "1.5")]
    [InlineData("share_index", "99999999999")]
    [InlineData("encrypted_share_value", "\"not base64!\"")]
    [InlineData("encrypted_share_value", "\"AAA\"")]
    [InlineData("encrypted_share_value", "null")]
    [InlineData("encryption_key_allocation", "null")]
    [InlineData("encryption_key_allocation", "{}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":{}}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[{}]}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[{\"block_uuid\":\"x\",\"start_byte\":0,\"size\":32}]}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[{\"block_uuid\":\"00000000-0000-4000-8000-000000000001\",\"start\":0,\"size\":32}]}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[{\"block_uuid\":\"00000000-0000-4000-8000-000000000001\",\"start_byte\":1e99,\"size\":32}]}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[{\"block_uuid\":\"00000000-0000-4000-8000-000000000001\",\"start_byte\":0,\"size\":32,\"more\":1}]}")]
    [InlineData("encryption_key_allocation", "{\"fragments\":[],\"more\":1}")]
    [InlineData("unknown_member", "1")]
    public async Task A_member_that_is_wrong_missing_or_too_many_is_refused(string member, string json)
    {
        var post = _carol.Post(Id);
        var body = JsonNode.Parse(post.Body.Span)!.AsObject();
        body[member] = JsonNode.Parse(json);
        await AssertMalformedAsync(_carol.Sign(true, post.Query, JsonSerializer.SerializeToUtf8Bytes(body)));

        if (body.Remove(member) && member != "unknown_member")
        {
            await AssertMalformedAsync(_carol.Sign(true, post.Query, JsonSerializer.SerializeToUtf8Bytes(body)));
        }

        var twice = Encoding.UTF8.GetString(post.Body.Span).Replace("\"share_index\":0", "\"share_index\":0,\"share_index\":0");
        await AssertMalformedAsync(_carol.Sign(true, post.Query, Encoding.UTF8.GetBytes(twice)));
    }

    [Theory]
    [InlineData("bind=0")]
    [InlineData("bind=1&bind=1")]
    [InlineData("also=sofia")]
    [InlineData("x")]
    [InlineData("&")]
    public async Task A_post_with_a_query_that_is_not_ours_is_refused(string query)
        => await AssertMalformedAsync(_carol.Sign(true, query, _carol.Post(Id).Body.Span));

    [Theory]
    [InlineData("")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=serena")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id=no-uuid")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id={0}&also=sofia")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id={0}&key_id={0}")]
    [InlineData("client_name=celia&client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id={0}")]
    [InlineData("client_name=celia&master_sae_id=%GG&slave_sae_id=serena&key_id={0}")]
    [InlineData("client_name=celia&master_sae_id=%FF&slave_sae_id=serena&key_id={0}")]
    [InlineData("client_name=celia&master_sae_id=sam&slave_sae_id=serena&key_id={0}&bind=2")]
    public async Task A_get_with_a_query_that_is_not_ours_is_refused(string query)
        => await AssertMalformedAsync(_celia.Sign(false, query.Replace("{0}", Id.ToString()), default));

    [Fact]
    public async Task A_get_with_a_body_is_refused()
        => await AssertMalformedAsync(_celia.Get(Id) with { Body = "{}"u8.ToArray() });

    [Fact]
    public async Task An_authentic_message_with_a_bad_pad_uses_up_its_signing_key_and_no_more()
    {
        var block = _carol.Status.ClientOwned[0].BlockId;
        var mine = new byte[32];
        _carol.Session.ClientOwned.TryAllocate(default, mine, out _, out var signingKey);
        var pads = new (Allocation Pad, DskeError Error)[]
        {
            (new Allocation(new Fragment(block, 1000, 31)), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(block, 1000, 33)), DskeError.PsrdInvalidRange),
            (new Allocation(), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(block, 1000, 0), new Fragment(block, 1000, 32)), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(block, 1000, -32), new Fragment(block, 1000, 64)), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(block, -1, 32)), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(block, HubPeer.BlockSize - 31, 32)), DskeError.PsrdInvalidRange),
            (new Allocation(new Fragment(Guid.Empty, 0, 32)), DskeError.PsrdUnknownBlock),
            (new Allocation(new Fragment(_carol.Status.HubOwned[0].BlockId, 0, 32)), DskeError.PsrdUnknownBlock),
            (new Allocation(new Fragment(_celia.Status.ClientOwned[0].BlockId, 0, 32)), DskeError.PsrdUnknownBlock),
            (new Allocation(new Fragment(block, 1000, 16), new Fragment(block, 1015, 16)), DskeError.PsrdAlreadyUsed),
            (new Allocation(signingKey!.Fragments), DskeError.PsrdAlreadyUsed), // The first signing key itself.
        };

        // The first request takes these bytes as its signing key; a later one must not have them as a pad.
        var used = Assert.Single(_carol.Status.ClientOwned).UsedBytes;
        var first = used;
        foreach (var (pad, error) in pads)
        {
            var body = MessageJson.Write(Message(pad), Dialect.Guide);
            var request = used == first
                ? _carol.Sign(true, KeyShareQuery.BindParameter, body, mine, signingKey)
                : _carol.Sign(true, KeyShareQuery.BindParameter, body);
            used += MessageMac.KeySize;

            var reply = await _carol.ExchangeAsync(request);

            Assert.Equal((HubAnswerKind.Refused, error), (reply.Kind, reply.Error));
            Assert.Equal(used, Assert.Single(_carol.Status.ClientOwned).UsedBytes);
        }

        Assert.Equal(0, _fixture.Hub.ShareCount);
    }

    [Fact]
    public async Task A_pad_that_is_the_signing_key_is_refused()
    {
        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        _carol.Session.ClientOwned.TryAllocate(default, key, out _, out var allocation);
        var request = _carol.Sign(true, KeyShareQuery.BindParameter, MessageJson.Write(Message(allocation!), Dialect.Guide), key, allocation!);

        var reply = await _carol.ExchangeAsync(request);

        Assert.Equal((HubAnswerKind.Refused, DskeError.PsrdAlreadyUsed), (reply.Kind, reply.Error));
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Reference)]
    public async Task A_foreign_client_is_answered_in_its_dialect(Dialect dialect)
    {
        var foreign = _fixture.Enrol("foreign", dialect, "fritz");
        var post = foreign.Post(Id, "serena", "fritz");

        var answer = await foreign.SendAsync(post);

        Assert.Equal((200, dialect == Dialect.Guide ? string.Empty : "null"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Contains(dialect == Dialect.Guide ? ';' : '%', answer.Signature!);
        Assert.Equal(HubAnswerKind.Accepted, foreign.Read(post, answer).Kind);
        Assert.Equal(new byte[32], await _celia.FetchShareAsync(Id, "fritz"));
        await _carol.ExchangeAsync(_carol.Post(Id, "fritz"));
        Assert.Equal(new byte[32], await foreign.FetchShareAsync(Id, "sam", "fritz"));
    }

    [Theory]
    [InlineData(Dialect.Guide, true)]
    [InlineData(Dialect.Reference, false)]
    public async Task A_foreign_client_is_refused_in_its_dialect(Dialect dialect, bool hasSignature)
    {
        var foreign = _fixture.Enrol("foreign", dialect, "fritz");

        var answer = await foreign.SendAsync(foreign.Get(Id, slave: "fritz"));

        Assert.Equal((404, DskeError.ShareUnknown, hasSignature), (answer.Status, answer.Error, answer.Signature is not null));
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        Assert.Equal(
            dialect == Dialect.Guide ? ["type", "title", "status"] : ["message", "details"],
            body.Select(member => member.Key));
        Assert.Equal(dialect == Dialect.Guide ? "application/problem+json" : "application/json", answer.ContentType);
    }

    [Fact]
    public async Task A_message_in_two_dialects_is_refused()
    {
        var foreign = _fixture.Enrol("foreign", Dialect.Reference, "fritz");
        var post = foreign.Post(Id, "serena", "fritz");

        var mixed = Encoding.UTF8.GetString(post.Body.Span).Replace("\"start\"", "\"start_byte\"");
        await AssertMalformedAsync(foreign.Sign(true, string.Empty, Encoding.UTF8.GetBytes(mixed)), foreign);
        Assert.Equal(DskeError.SignatureMalformed, (await foreign.SendAsync(foreign.Sign(true, KeyShareQuery.BindParameter, post.Body.Span))).Error);
    }

    [Fact]
    public async Task A_native_client_may_ask_for_plain_answers_as_the_guide_has_them()
    {
        var post = _carol.Post(Id);

        var answer = await _carol.SendAsync(_carol.Sign(true, string.Empty, post.Body.Span));

        Assert.Equal((200, 0), (answer.Status, answer.Body.Length));
        Assert.NotNull(answer.Signature);
    }

    public void Dispose() => _fixture.Dispose();

    private async Task AssertMalformedAsync(OutgoingRequest request, HubPeer? from = null)
    {
        var before = _fixture.Snapshot();

        var answer = await (from ?? _carol).SendAsync(request);

        Assert.Equal((DskeError.MalformedMessage, null), ErrorOf(answer));
        Assert.Equal(400, answer.Status);
        Assert.Equal(before, _fixture.Snapshot());
    }

    private PostKeyShareRequest Message(Allocation pad) => new()
    {
        MasterClientName = "carol",
        MasterSaeId = "sam",
        SlaveSaeId = "serena",
        UserKeyId = Id,
        ShareIndex = 0,
        EncryptionKeyAllocation = pad,
        EncryptedShareValue = new byte[32],
    };

    private static (DskeError?, string?) ErrorOf(Protocol.Hubs.HubAnswer answer) => (answer.Error, answer.Signature);

    private static byte[] Edit(OutgoingRequest request, Action<JsonObject> edit)
    {
        var body = JsonNode.Parse(request.Body.Span)!.AsObject();
        edit(body);
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }

    private static string Flip(string signature) => signature[..^9] + (signature[^9] == 'A' ? 'B' : 'A') + signature[^8..];

    private static string Renamed(OutgoingRequest request, Guid block) => Rewritten(request, fragment => fragment with { BlockId = block });

    private static string Moved(OutgoingRequest request, long start, long size) => Rewritten(request, fragment => fragment with { Start = start, Size = size });

    private static string Rewritten(OutgoingRequest request, Func<Fragment, Fragment> rewrite)
    {
        Assert.True(SignatureHeader.TryParse(request.Signature, out var header));
        return new SignatureHeader(header.Dialect, new Allocation(rewrite(header.SigningKey.Fragments[0])), header.Signature).ToString();
    }
}
