using System.Text;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.Protocol.Skip;

namespace Dske.Tests.Unit.Skip;

[Trait("Tier", "Unit")]
public sealed class SkipCodecTests
{
    [Fact]
    public void A_key_is_written_compactly_in_lower_case_and_with_nothing_else()
    {
        using var key = new DeliveredKey(Guid.Parse("BC490419-7D60-487F-ADC1-4DDCC177C139"), SecretBytes.CopyOf([0x00, 0x9A, 0xFF, 0x10]));
        using var text = new SecretBufferWriter();

        SkipCodec.WriteKey(key, text);

        Assert.Equal("""{"keyId":"bc4904197d60487fadc14ddcc177c139","key":"009aff10"}""", Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(32, 256)]
    [InlineData(8192, 65_536)]
    public void A_random_string_is_written_with_its_length_in_bits(int bytes, int bits)
    {
        using var random = new SecretBytes(bytes);
        random.Span.Fill(0xE7);
        using var text = new SecretBufferWriter();

        SkipCodec.WriteEntropy(random, text);

        Assert.Equal($$"""{"randomStr":"{{string.Concat(Enumerable.Repeat("e7", bytes))}}","minentropy":{{bits}}}""", Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void What_was_disposed_is_not_written()
    {
        using var text = new SecretBufferWriter();
        var key = new DeliveredKey(Guid.Empty, SecretBytes.CopyOf([1]));
        var random = SecretBytes.CopyOf([1]);
        key.Dispose();
        random.Dispose();

        Assert.Throws<ObjectDisposedException>(() => SkipCodec.WriteKey(key, text));
        Assert.Throws<ObjectDisposedException>(() => SkipCodec.WriteEntropy(random, text));
        Assert.Throws<ArgumentNullException>(() => SkipCodec.WriteKey(null!, text));
        Assert.Throws<ArgumentNullException>(() => SkipCodec.WriteEntropy(null!, text));
    }
}
