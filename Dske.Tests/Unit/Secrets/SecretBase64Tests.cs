using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed partial class SecretBase64Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Zg==", "f")]
    [InlineData("Zm8=", "fo")]
    [InlineData("Zm9v", "foo")]
    [InlineData("Zm9vYg==", "foob")]
    [InlineData("Zm9vYmE=", "fooba")]
    [InlineData("Zm9vYmFy", "foobar")]
    public void The_vectors_of_RFC_4648_section_10_decode(string text, string expected)
    {
        Assert.True(SecretBase64.TryDecode(Encoding.UTF8.GetBytes(text), out var secret));
        using (secret)
        {
            Assert.Equal(Encoding.UTF8.GetBytes(expected), secret.Span.ToArray());
        }
    }

    [Theory]
    [InlineData("Zg")]
    [InlineData("Zg=")]
    [InlineData("Zh==")]
    [InlineData("Zm9=")]
    [InlineData("Zm9v\n")]
    [InlineData(" Zm9")]
    [InlineData("Z g=")]
    [InlineData("Zm 9 v\r\n=")]
    [InlineData("Zm_v")]
    [InlineData("Zm-v")]
    [InlineData("====")]
    [InlineData("=")]
    [InlineData("Zg==Zg==")]
    [InlineData("Zmé=")]
    public void Anything_but_canonical_base64_is_refused(string text)
    {
        Assert.False(SecretBase64.TryDecode(Encoding.UTF8.GetBytes(text), out var secret));
        Assert.Null(secret);
    }

    [Fact]
    public void Every_length_survives_a_round_trip()
    {
        var random = new Random(2);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);

            Assert.True(SecretBase64.TryDecode(Encoding.UTF8.GetBytes(Convert.ToBase64String(bytes)), out var secret));
            using (secret)
            {
                Assert.Equal(bytes, secret.Span.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("\"Zm9v\"", true)]
    [InlineData("\"\\u005am9v\"", true)]
    [InlineData("\"\\ud800m9v\"", false)]
    [InlineData("\"Zm9\"", false)]
    [InlineData("42", false)]
    [InlineData("null", false)]
    public void A_json_string_is_decoded_whether_escaped_or_in_pieces(string json, bool accepted)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var whole = new Utf8JsonReader(utf8);
        Assert.True(whole.Read());
        Assert.Equal(accepted, SecretBase64.TryDecode(ref whole, out var fromWhole));
        fromWhole?.Dispose();

        var pieces = new Utf8JsonReader(InPieces(utf8));
        Assert.True(pieces.Read());
        Assert.Equal(accepted, SecretBase64.TryDecode(ref pieces, out var fromPieces));
        using (fromPieces)
        {
            Assert.Equal(accepted, fromPieces is not null && fromPieces.Span.SequenceEqual("foo"u8));
        }
    }

    [Fact]
    public void The_converter_serves_source_generated_contracts()
    {
        using var key = SecretBytes.CopyOf([0xFB, 0xEF, 0xFF]);
        using var buffer = new SecretBufferWriter();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, new Envelope(key), EnvelopeContext.Default.Envelope);
        }

        Assert.Equal("{\"Key\":\"++//\"}", Encoding.UTF8.GetString(buffer.WrittenSpan));
        var read = JsonSerializer.Deserialize(buffer.WrittenSpan, EnvelopeContext.Default.Envelope);
        using (read?.Key)
        {
            Assert.True(read?.Key?.FixedTimeEquals(key));
        }
    }

    [Fact]
    public void A_contract_that_forgot_the_converter_writes_no_secret()
    {
        using var key = SecretBytes.CopyOf("hunter2!"u8);

        Assert.Equal("{\"Length\":8}", JsonSerializer.Serialize(key));
    }

    [Fact]
    public void A_refusal_does_not_quote_the_text()
    {
        var refusal = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("{\"Key\":\"c2VjcmV0!\"}", EnvelopeContext.Default.Envelope));

        Assert.DoesNotContain("c2VjcmV0", refusal.ToString(), StringComparison.Ordinal);
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes)
    {
        Piece? first = null;
        Piece? last = null;
        foreach (var b in bytes)
        {
            last = new Piece(new[] { b }, last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, 1);
    }

    internal sealed record Envelope([property: JsonConverter(typeof(SecretBytesJsonConverter))] SecretBytes? Key);

    [JsonSerializable(typeof(Envelope))]
    internal sealed partial class EnvelopeContext : JsonSerializerContext;

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
