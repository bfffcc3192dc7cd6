using System.Numerics;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

[Trait("Tier", "Unit")]
public sealed class Poly1305Tests
{
    private static readonly BigInteger Prime = (BigInteger.One << 130) - 5;
    private static readonly BigInteger Clamp = BigInteger.Parse("0ffffffc0ffffffc0ffffffc0fffffff", System.Globalization.NumberStyles.HexNumber);

    [Fact]
    public void The_example_of_the_standard_comes_out() => Assert.Equal(
        "a8061dc1305136c6c22b8baf0c0127a9",
        Tag(Convert.FromHexString("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"), [], "Cryptographic Forum Research Group"u8.ToArray()));

    [Fact]
    public void It_is_the_polynomial_that_the_standard_defines()
    {
        var random = new Random(1305);
        for (var round = 0; round < 2000; round++)
        {
            var key = new byte[Poly1305.KeySize];
            var prefix = new byte[16 * random.Next(4)];
            var text = new byte[random.Next(100)];
            foreach (var bytes in new[] { key, prefix, text })
            {
                random.NextBytes(bytes);

                // Carries run through bytes that are all ones.
                if (random.Next(3) == 0)
                {
                    Array.Fill(bytes, (byte)0xFF);
                }
            }

            Assert.Equal(Reference(key, [.. prefix, .. text]), Tag(key, prefix, text));
        }
    }

    [Theory]
    [InlineData("02000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000", "03000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    [InlineData("01000000000000000000000000000000", "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101", "00000000000000000000000000000000")]
    public void The_edges_of_the_standard_come_out(string key, string text, string tag) =>
        Assert.Equal(tag, Tag(Convert.FromHexString(key.PadRight(64, '0')), [], Convert.FromHexString(text)));

    [Fact]
    public void A_first_part_that_is_no_whole_blocks_is_misuse() =>
        Assert.Throws<ArgumentException>(() => Tag(new byte[32], new byte[15], []));

    private static string Tag(byte[] key, byte[] prefix, byte[] text)
    {
        var tag = new byte[Poly1305.TagSize];
        Poly1305.Compute(key, prefix, text, tag);
        return Convert.ToHexStringLower(tag);
    }

    private static string Reference(byte[] key, byte[] message)
    {
        var r = new BigInteger(key.AsSpan(0, 16), isUnsigned: true) & Clamp;
        var sum = BigInteger.Zero;
        foreach (var block in message.Chunk(16))
        {
            sum = (sum + new BigInteger([.. block, 1], isUnsigned: true)) * r % Prime;
        }

        var tag = (sum + new BigInteger(key.AsSpan(16), isUnsigned: true)) % (BigInteger.One << 128);
        return Convert.ToHexStringLower([.. tag.ToByteArray(isUnsigned: true).Concat(new byte[16]).Take(16)]);
    }
}
