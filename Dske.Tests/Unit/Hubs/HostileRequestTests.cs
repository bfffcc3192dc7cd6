using System.Text;
using CsCheck;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Hubs;

/// <summary>What a client, or somebody who poses as one, can send to a hub: it is answered, and never with a failure.</summary>
[Trait("Tier", "Unit")]
public sealed class HostileRequestTests : IDisposable
{
    private const string Get = $"client_name=carol&master_sae_id=sam&slave_sae_id=serena&key_id={HostileClient.KeyId}";

    private static readonly Gen<(int At, int Edit, byte Value)[]> Edits =
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 3], Gen.OneOf(Gen.Byte, Gen.OneOf("\"\\{}[]:,0-9e.+/= "u8.ToArray()))).Array[1, 4];

    private readonly HostileClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Invariant_2_A_request_that_was_changed_on_its_way_is_refused_and_costs_nothing()
    {
        var body = Encoding.UTF8.GetBytes(_client.Post());
        var signature = _client.Sign(string.Empty, body);
        var before = (_client.Unused, _client.UnusedOfHub);
        Edits.Sample(
            edits =>
            {
                var changed = Apply(edits, body);
                if (!changed.AsSpan().SequenceEqual(body))
                {
                    AssertRefusedUnsigned(_client.Hub.PostKeyShare(string.Empty, changed, signature));
                }

                AssertRefusedUnsigned(_client.Hub.PostKeyShare("bind=1", body, signature));
                var header = Encoding.Latin1.GetString(Apply(edits, Encoding.ASCII.GetBytes(signature)));
                if (header != signature)
                {
                    AssertRefusedUnsigned(_client.Hub.PostKeyShare(string.Empty, body, header));
                }
            },
            threads: 1);

        Assert.Equal(before, (_client.Unused, _client.UnusedOfHub));
        Assert.Equal(0, _client.Hub.ShareCount);
        Assert.Equal(200, _client.Hub.PostKeyShare(string.Empty, body, signature).Status);
    }

    [Fact]
    public void Whatever_a_client_signs_is_answered_and_costs_its_key_and_pad_at_most()
    {
        var body = Encoding.UTF8.GetBytes(_client.Post());
        Edits.Sample(
            edits =>
            {
                var changed = Apply(edits, body);
                var (unused, unusedOfHub) = (_client.Unused, _client.UnusedOfHub);

                var answer = _client.Hub.PostKeyShare(string.Empty, changed, _client.Sign(string.Empty, changed));

                Assert.True(answer.Status is 200 or (>= 400 and < 500), $"{answer.Status}");
                Assert.InRange(unused - _client.Unused, 0, 64);
                Assert.InRange(unusedOfHub - _client.UnusedOfHub, 0, 32);
            },
            iter: 1000,
            threads: 1);
    }

    [Fact]
    public void Whatever_query_a_client_signs_is_answered() =>
        Gen.OneOf(
            Gen.String,
            Gen.String.Select(text => Get + "&" + text),
            Gen.String[Gen.Char['\0', '\ud7ff'], 0, 300].Select(text => Get.Replace("serena", Uri.EscapeDataString(text), StringComparison.Ordinal))).Sample(
            query =>
            {
                Assert.InRange(_client.SendGet(query).Status, 400, 499);
                Assert.InRange(_client.SendPost(_client.Post(), query).Status, 200, 499);
            },
            threads: 1);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "-32")]
    [InlineData("-1", "32")]
    [InlineData("-9223372036854775808", "32")]
    [InlineData("9223372036854775807", "32")]
    [InlineData("9223372036854775776", "32")]
    [InlineData("262113", "32")]
    [InlineData("262144", "32")]
    [InlineData("0", "9223372036854775807")]
    [InlineData("1", "9223372036854775807")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("0", "-9223372036854775808")]
    [InlineData("0", "2147483648")]
    [InlineData("0", "4294967328")]
    public void Invariant_3_A_pad_that_does_not_lie_in_its_block_costs_the_signing_key(string start, string size)
    {
        var body = _client.Post(pad: $$"""{"block_uuid":"{{_client.ClientOwnedBlock}}","start_byte":{{start}},"size":{{size}}}""");
        var before = _client.Unused;

        var answer = _client.SendPost(body);

        Assert.Equal(DskeError.PsrdInvalidRange, answer.Error);
        Assert.NotNull(answer.Signature);
        Assert.Equal(32, before - _client.Unused);
    }

    [Fact]
    public void Invariant_2_A_pad_that_overlaps_the_signing_key_costs_the_signing_key()
    {
        var at = _client.Spend(1).Named.Fragments[0].Start;
        var overlapping = HostileClient.Json(new Fragment(_client.ClientOwnedBlock, at + 1 + 16, 32));
        var body = _client.Post(overlapping, size: 0).Replace(
            "\"encrypted_share_value\":\"\"", $"\"encrypted_share_value\":\"{Convert.ToBase64String(new byte[32])}\"", StringComparison.Ordinal);

        var answer = _client.SendPost(body);

        Assert.Equal(DskeError.PsrdAlreadyUsed, answer.Error);
        Assert.Equal(0, _client.Hub.ShareCount);
    }

    [Theory]
    [InlineData(0, DskeError.PsrdInvalidRange)]
    [InlineData(1, DskeError.ShareSizeOutOfRange)]
    [InlineData(3, DskeError.ShareSizeOutOfRange)]
    [InlineData(4, null)]
    public void A_share_is_as_long_as_a_key_may_be(int size, DskeError? error)
    {
        Assert.Equal(error, _client.SendPost(_client.Post(size: size)).Error);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("5")]
    [InlineData("254")]
    [InlineData("255")]
    [InlineData("256")]
    [InlineData("300")]
    [InlineData("2147483647")]
    [InlineData("-2147483648")]
    public void A_share_index_is_that_of_a_hub(string index)
    {
        Assert.Equal(DskeError.ShareIndexOutOfRange, _client.SendPost(_client.Post(index: index)).Error);
    }

    [Fact]
    public void Messages_of_the_wrong_shape_are_refused_before_anything_is_used()
    {
        var before = _client.Unused;

        Assert.Equal(DskeError.MalformedMessage, _client.SendGet(Get, hasBody: true).Error);
        Assert.Equal(DskeError.MalformedMessage, _client.SendPost(_client.Post(), query: Get).Error);
        Assert.Equal(DskeError.MalformedMessage, _client.SendPost(_client.Post(), query: "bind=1&bind=1").Error);
        Assert.Equal(DskeError.MalformedMessage, _client.SendPost(_client.Post(), dialect: Dialect.Reference).Error);
        Assert.Equal(DskeError.SignatureMalformed, _client.SendPost(_client.Post(), "bind=1", Dialect.Reference).Error);

        Assert.Equal(before, _client.Unused);
    }

    [Fact]
    public void A_registration_with_impossible_names_is_refused()
    {
        string?[][] impossible =
        [
            [null], [""], [" "], ["a", "a"], ["\u0007"], ["\ud800"], ["\ufffd"], [new string('a', 256)],
            [.. Enumerable.Range(0, 1001).Select(i => $"sae{i}")],
        ];
        Assert.All(impossible, names => Assert.Equal(DskeError.MalformedMessage, Register("claire", names!)));
        Assert.All(
            new[] { "", " ", "Claire", "-claire", "claire-", "cl aire", "cläire", "a.b", "a/b", new string('a', 64), null },
            name => Assert.Equal(DskeError.MalformedMessage, Register(name!, [])));
        Assert.Equal(DskeError.SaeClaimedElsewhere, Register("claire", ["sophie", "sam"]));
        Assert.Equal(DskeError.SaeClaimedElsewhere, Register("sam", []));
        Assert.Equal(2, _client.Hub.GetClients().Count);

        DskeError? Register(string name, string[] encryptors)
            => _client.Hub.Register(new RegistrationRequest { ClientName = name, EncryptorNames = encryptors }, null, "what?").Error;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData((16 * 1024 * 1024) + 1)]
    [InlineData(1L << 32)]
    public void A_block_of_an_impossible_size_is_refused(long size)
    {
        Assert.Null(_client.Hub.IssuePsrd("carol", PoolOwner.Client, size, out var error));
        Assert.Equal(DskeError.PsrdSizeOutOfRange, error);
        Assert.Null(_client.Hub.IssuePsrd("no such client", (PoolOwner)7, size, out error));
    }

    [Theory]
    [InlineData(PoolOwner.Client)]
    [InlineData(PoolOwner.Hub)]
    public void A_client_cannot_fill_the_hub_with_tiny_blocks(PoolOwner owner)
    {
        var issued = 0;
        DskeError? error;
        for (; _client.Hub.IssuePsrd("carol", owner, 1, out error) is { } block; issued++)
        {
            block.Dispose();
        }

        Assert.Equal((DskeError.PsrdLimitReached, new HubLimits().MaxBlocksPerPool - 1), (error, issued));
    }

    private static void AssertRefusedUnsigned(HubAnswer answer)
    {
        Assert.InRange(answer.Status, 400, 499);
        Assert.NotNull(answer.Error);
        Assert.Null(answer.Signature);
    }

    private static byte[] Apply((int At, int Edit, byte Value)[] edits, byte[] text)
    {
        var bytes = text.ToList();
        foreach (var (at, edit, value) in edits.Where(edit => edit.At < bytes.Count))
        {
            switch (edit)
            {
                case 0: bytes[at] = value; break;
                case 1: bytes.Insert(at, value); break;
                case 2: bytes.RemoveAt(at); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at))); break;
            }
        }

        return [.. bytes];
    }
}
