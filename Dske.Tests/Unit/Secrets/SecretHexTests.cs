using System.Text;
using CsCheck;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class SecretHexTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "66")]
    [InlineData("fo", "666f")]
    [InlineData("foobar", "666f6f626172")]
    public void The_vectors_of_RFC_4648_section_10_are_written_in_lower_case(string text, string expected)
        => Assert.Equal(expected, Encode(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Every_byte_is_written_as_two_digits()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        Assert.Equal(Convert.ToHexStringLower(all), Encode(all));
    }

    [Fact]
    public void Whatever_is_written_is_read_back_by_others() => Gen.Byte.Array[0, 300].Sample(bytes => Assert.Equal(bytes, Convert.FromHexString(Encode(bytes))));

    [Fact]
    public void Text_goes_to_the_beginning_of_a_longer_destination()
    {
        Span<byte> destination = stackalloc byte[5];

        SecretHex.Encode([0x5A, 0xC3], destination);

        Assert.Equal("5ac3\0"u8, destination);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(4, 7)]
    public void A_destination_that_is_too_short_is_refused(int bytes, int room)
        => Assert.Throws<ArgumentException>(() => SecretHex.Encode(new byte[bytes], new byte[room]));

    [Fact]
    public void Text_is_appended_to_what_a_buffer_holds_however_long_it_is()
    {
        using var buffer = new SecretBufferWriter(1);
        byte[] bytes = [.. Enumerable.Range(0, 5000).Select(value => (byte)(value * 7))];

        SecretHex.Append([0xAB], buffer);
        SecretHex.Append([], buffer);
        SecretHex.Append(bytes, buffer);

        Assert.Equal("ab" + Convert.ToHexStringLower(bytes), Encoding.UTF8.GetString(buffer.WrittenSpan));
        Assert.Throws<ArgumentNullException>(() => SecretHex.Append([], null!));
    }

    private static string Encode(byte[] bytes)
    {
        var text = new byte[2 * bytes.Length];
        SecretHex.Encode(bytes, text);
        return Encoding.UTF8.GetString(text);
    }
}
