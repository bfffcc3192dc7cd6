using System.Text;
using CsCheck;
using Dske.Protocol;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Clients;

/// <summary>What a hub, or somebody who poses as one, can answer to a client.</summary>
[Trait("Tier", "Unit")]
public sealed class HostileAnswerTests : IDisposable
{
    private static readonly KeyDescription Key =
        new(NodeName.Parse("carol"), Guid.Parse("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11"), SaeId.Parse("serena"), SaeId.Parse("sam"));

    private readonly InMemoryPsrdStore _clients = new();
    private readonly InMemoryPsrdStore _hubs = new();
    private readonly PsrdBlocks _clientOwned = new(seed: 1, 100_000);
    private readonly PsrdBlocks _hubOwned = new(seed: 2, 5 * 1024 * 1024);
    private readonly LocalPool _hub;

    public HostileAnswerTests() => _hub = _hubOwned.OpenOwner(_hubs);

    public static TheoryData<bool> NativeOrNot => [true, false];

    public void Dispose()
    {
        _hub.Dispose();
        _clients.Dispose();
        _hubs.Dispose();
    }

    [Theory]
    [MemberData(nameof(NativeOrNot))]
    public void Whatever_a_hub_signs_is_read_and_costs_its_key_and_pad_at_most(bool isNative)
    {
        using var session = OpenSession(isNative);
        var request = PrepareGet(session);
        var good = Encoding.UTF8.GetBytes(ShareAnswer(32));
        var edit = Gen.Select(Gen.Int[0, good.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOf("\"\\{}[]:,0-9e.+/= "u8.ToArray())));
        Gen.Select(edit.Array[1, 3], Gen.OneOf(200, 400, 404, 503, 0, -1, 1000, int.MaxValue)).Sample(
            (edits, status) =>
            {
                var body = good.ToArray();
                Array.ForEach(edits, change => body[change.Item1] = change.Item2);
                var available = session.HubOwned.AvailableBytes;

                var reply = session.Read(request, Sign(isNative, request, status, body));

                reply.Share?.Dispose();
                Assert.InRange(available - session.HubOwned.AvailableBytes, 0, 64);
            },
            iter: 500,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(NativeOrNot))]
    public void Invariant_2_An_answer_that_was_changed_on_its_way_means_nothing_and_costs_nothing(bool isNative)
    {
        using var session = OpenSession(isNative);
        var request = PrepareGet(session);
        var good = Sign(isNative, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(32)));
        var available = session.HubOwned.AvailableBytes;
        Gen.Select(Gen.Int[0, good.Body.Length - 1], Gen.Byte).Sample(
            (at, value) =>
            {
                var body = good.Body.ToArray();
                body[at] ^= (byte)(value | 1);
                Assert.Equal(HubReply.Nothing, session.Read(request, good with { Body = body }));
            },
            threads: 1);
        Gen.Select(Gen.Int[0, good.Signature!.Length - 1], Gen.Char[' ', '~']).Sample(
            (at, value) =>
            {
                var signature = good.Signature.ToCharArray();
                signature[at] = signature[at] == value ? '!' : value;
                Assert.Equal(HubAnswerKind.None, session.Read(request, good with { Signature = new string(signature) }).Kind);
            },
            threads: 1);

        Assert.Equal(available, session.HubOwned.AvailableBytes);
        using var share = session.Read(request, good).Share;
        Assert.Equal(32, share!.Value.Length);
    }

    [Theory]
    [MemberData(nameof(NativeOrNot))]
    public void A_request_that_comes_back_is_no_answer_and_costs_nothing(bool isNative)
    {
        using var session = OpenSession(isNative);
        var request = PrepareGet(session);
        var available = session.HubOwned.AvailableBytes;

        Assert.Equal(HubAnswerKind.None, session.Read(request, new HubResponse(200, request.Body, request.Signature)).Kind);
        Assert.Equal(HubAnswerKind.None, session.Read(request with { IsPost = true }, new HubResponse(200, request.Body, request.Signature)).Kind);
        Assert.Equal(HubAnswerKind.None, session.Read(request, new HubResponse(200, Encoding.UTF8.GetBytes(ShareAnswer(32)), request.Signature)).Kind);

        Assert.Equal(available, session.HubOwned.AvailableBytes);
        using var share = session.Read(request, Sign(isNative, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(32)))).Share;
        Assert.NotNull(share);
    }

    [Fact]
    public void On_a_native_link_an_answer_fits_its_own_request_and_status_alone()
    {
        using var session = OpenSession(isNative: true);
        var (request, other) = (PrepareGet(session), PrepareGet(session));
        var answer = Sign(true, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(32)));

        Assert.Equal(HubReply.Nothing, session.Read(other, answer));
        Assert.Equal(HubReply.Nothing, session.Read(request, answer with { Status = 201 }));
        Assert.Equal(HubReply.Nothing, session.Read(request, Sign(false, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(32)))));
        using var share = session.Read(request, answer).Share;
        Assert.NotNull(share);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(KeySizes.MinBytes - 1, false)]
    [InlineData(KeySizes.MinBytes, true)]
    [InlineData(KeySizes.MaxBytes, true)]
    [InlineData(KeySizes.MaxBytes + 1, false)]
    public void A_share_is_as_long_as_a_key_may_be(int size, bool isAccepted)
    {
        using var session = OpenSession(isNative: true);
        var request = PrepareGet(session);
        var available = session.HubOwned.AvailableBytes;

        var reply = session.Read(request, Sign(true, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(size))));

        using var share = reply.Share;
        Assert.Equal(isAccepted ? HubAnswerKind.Accepted : HubAnswerKind.None, reply.Kind);
        Assert.Equal(isAccepted ? size + 32 : 32, available - session.HubOwned.AvailableBytes);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "-32")]
    [InlineData("-1", "32")]
    [InlineData("9223372036854775807", "32")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("5242849", "32")]
    public void Invariant_3_A_pad_that_does_not_lie_in_its_block_costs_the_signing_key(string start, string size)
    {
        using var session = OpenSession(isNative: true);
        var request = PrepareGet(session);
        var fragment = $$"""{"block_uuid":"{{_hubOwned[0]}}","start_byte":{{start}},"size":{{size}}}""";
        var available = session.HubOwned.AvailableBytes;

        var reply = session.Read(request, Sign(true, request, 200, Encoding.UTF8.GetBytes(ShareAnswer(32, fragment))));

        Assert.Equal(HubReply.Nothing, reply);
        Assert.Equal(32, available - session.HubOwned.AvailableBytes);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Counts_of_bytes_are_passed_on_as_the_hub_signed_them(long count)
    {
        using var session = OpenSession(isNative: true);
        var request = PrepareGet(session);
        var stored = Encoding.UTF8.GetBytes($$"""{"psrd_available":{{count}}}""");
        var refused = Encoding.UTF8.GetBytes(
            $$"""{"type":"urn:dske:error:out-of-psrd","title":null,"status":503,"psrd_available":{{count}},"psrd_needed":{{count}}}""");

        Assert.Equal(
            new HubReply(HubAnswerKind.Refused, DskeError.OutOfPsrd, PsrdAvailable: count, PsrdNeeded: count),
            session.Read(request, Sign(true, request, 503, refused)));
        var post = request with { IsPost = true };
        Assert.Equal(new HubReply(HubAnswerKind.Accepted, PsrdAvailable: count), session.Read(post, Sign(true, post, 200, stored)));
    }

    [Fact]
    public void Nothing_unsigned_makes_the_reader_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int, Gen.String.Null(), Gen.Bool).Sample(
            (body, status, signature, isNative) =>
            {
                using var store = new InMemoryPsrdStore();
                using var session = OpenSession(isNative, store);
                Assert.Equal(HubAnswerKind.None, session.Read(PrepareGet(session), new HubResponse(status, body, signature)).Kind);
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void No_answer_is_none()
    {
        using var session = OpenSession(isNative: true);

        Assert.Equal(HubReply.Nothing, session.Read(PrepareGet(session), null));
    }

    private LinkSession OpenSession(bool isNative, InMemoryPsrdStore? store = null)
    {
        var clientOwned = new LocalPool(store ?? _clients, PsrdBlocks.Pool);
        var hubOwned = new PeerPool(store ?? _clients, PsrdBlocks.Pool with { Owner = PoolOwner.Hub });
        Assert.True(clientOwned.TryAdd(_clientOwned[0], _clientOwned.All[0].Data));
        Assert.True(hubOwned.TryAdd(_hubOwned[0], _hubOwned.All[0].Data));
        return new LinkSession(isNative ? Guid.Empty : null, Dialect.Guide, clientOwned, hubOwned);
    }

    private static OutgoingRequest PrepareGet(LinkSession session)
    {
        Assert.Equal(PsrdOutcome.Ok, session.TryPrepareGet(Key, out var request));
        return request!;
    }

    /// <summary>An answer to GET with a share of zeros, under a fresh pad unless the pad is given.</summary>
    private string ShareAnswer(int size, string? pad = null)
    {
        pad ??= size == 0 ? string.Empty : string.Join(',', _hub.Allocate(size)!.Value.Named.Fragments.ToArray()
            .Select(fragment => $$"""{"block_uuid":"{{fragment.BlockId}}","start_byte":{{fragment.Start}},"size":{{fragment.Size}}}"""));
        var share = Convert.ToBase64String(new byte[size]);
        return $$"""{"share_index":3,"encryption_key_allocation":{"fragments":[{{pad}}]},"encrypted_share_value":"{{share}}"}""";
    }

    private HubResponse Sign(bool bind, OutgoingRequest request, int status, byte[] body)
    {
        var (named, key) = _hub.Allocate(MessageMac.KeySize)!.Value;
        var signature = new byte[MessageMac.Size];
        if (bind)
        {
            MessageMac.SignBound(key, body, status, request.Signature, signature);
        }
        else
        {
            MessageMac.Sign(key, default, body, signature);
        }

        return new HubResponse(status, body, new SignatureHeader(Dialect.Guide, named, signature).ToString());
    }
}
