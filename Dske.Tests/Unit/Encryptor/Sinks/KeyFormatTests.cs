using System.Text;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Encryptor.Sinks;

[Trait("Tier", "Unit")]
public sealed class KeyFormatTests
{
    private static readonly byte[] Key = [0xFB, 0xFF, 0x00, 0x0A];

    [Theory]
    [InlineData(nameof(KeyEncoding.Base64), false, "+/8ACg==")]
    [InlineData(nameof(KeyEncoding.Base64), true, "+/8ACg==\n")]
    [InlineData(nameof(KeyEncoding.Hex), false, "fbff000a")]
    [InlineData(nameof(KeyEncoding.Hex), true, "fbff000a\n")]
    [InlineData(nameof(KeyEncoding.Raw), false, "\u00FB\u00FF\0\n")]
    [InlineData(nameof(KeyEncoding.Raw), true, "\u00FB\u00FF\0\n\n")]
    public void A_key_is_written_as_equipment_wants_it(string encoding, bool newline, string expected)
    {
        using var key = SecretBytes.CopyOf(Key);

        using var text = new KeyFormat(Enum.Parse<KeyEncoding>(encoding), newline).Write(key);

        Assert.Equal(expected, Encoding.Latin1.GetString(text.WrittenSpan));
        Assert.Equal(Key, key.Span.ToArray());
    }

    [Theory]
    [InlineData(nameof(KeyEncoding.Base64), 10_924)]
    [InlineData(nameof(KeyEncoding.Hex), 16_384)]
    [InlineData(nameof(KeyEncoding.Raw), 8_192)]
    public void The_longest_key_fits(string encoding, int length)
    {
        using var key = new SecretBytes(8_192);

        using var text = new KeyFormat(Enum.Parse<KeyEncoding>(encoding), true).Write(key);

        Assert.Equal(length + 1, text.WrittenCount);
    }
}
