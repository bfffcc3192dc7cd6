using CsCheck;
using Dske.Protocol.Authentication;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Authentication;

[Trait("Tier", "Unit")]
public sealed class SignatureHeaderTests
{
    private const string Key = "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:16:32";
    private const string Signature = "kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Roglw=";

    private static readonly Guid Block = Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c");

    private static readonly Gen<Fragment> Fragments =
        Gen.Select(Gen.Guid, Gen.Long[0, long.MaxValue], Gen.Long[1, long.MaxValue], (block, start, size) => new Fragment(block, start, size));

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.Select(Gen.Bool, Fragments.Array[1, 16], Gen.Byte.Array[32]).Sample((guide, fragments, signature) =>
        {
            var written = new SignatureHeader(guide ? Dialect.Guide : Dialect.Reference, new Allocation(fragments), signature);

            Assert.True(SignatureHeader.TryParse(written.ToString(), out var read));

            Assert.Equal(written.Dialect, read.Dialect);
            Assert.Equal(fragments, read.SigningKey.Fragments.ToArray());
            Assert.Equal(signature, read.Signature.ToArray());
            Assert.Equal(written.ToString(), read.ToString());
        });

    [Theory]
    [InlineData(';', Dialect.Guide)]
    [InlineData('%', Dialect.Reference)]
    public void The_separator_tells_the_dialect(char separator, Dialect dialect)
    {
        Assert.True(SignatureHeader.TryParse(Key + separator + Signature, out var header));

        Assert.Equal(dialect, header.Dialect);
        Assert.Equal([new Fragment(Block, 16, 32)], header.SigningKey.Fragments.ToArray());
        Assert.Equal(Convert.FromBase64String(Signature), header.Signature.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(";")]
    [InlineData(Key)]
    [InlineData(Signature)]
    [InlineData(";" + Signature)]
    [InlineData(Key + Signature)]
    [InlineData(Key + ";")]
    [InlineData(Key + ":" + Signature)]
    [InlineData(Key + "," + Signature)]
    [InlineData(Key + " " + Signature)]
    [InlineData(Key + ";;" + Signature)]
    [InlineData(Key + ";%" + Signature)]
    [InlineData(Key + ";" + Signature + ";")]
    [InlineData(Key + ";" + Signature + " ")]
    [InlineData(" " + Key + ";" + Signature)]
    [InlineData(Key + ",;" + Signature)]
    [InlineData(Key + ";" + Signature + "," + Key + ";" + Signature)]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:0;" + Signature)]
    [InlineData("B2D4D9EA-59C0-4FA6-A3F1-900BB39D6C3C:16:32;" + Signature)]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:016:32;" + Signature)]
    public void A_header_that_is_put_together_in_another_way_is_refused(string? value) => AssertRefused(value);

    [Theory]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Roglx=")]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Rogl==")]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5RoglwA")]
    [InlineData("kJAq8ccZX6PW-avGpdki3RZ2rBjWFNPl_Uywt5Roglw=")]
    [InlineData("kJAq8ccZX6PW avGpdki3RZ2rBjWFNPl+Uywt5Roglw=")]
    [InlineData("kJAq8ccZX6PW\navGpdki3RZ2rBjWFNPl+Uywt5Roglw")]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Rogl=w")]
    [InlineData("============================================")]
    [InlineData("********************************************")]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5Roglé=")]
    [InlineData("é")]
    [InlineData("kJAq8ccZX6PW+avGpdki3RZ2rBjWFNPl+Uywt5R\ud800glw=")]
    [InlineData("AAA")]
    [InlineData("AAAA")]
    public void A_signature_has_one_spelling(string signature)
    {
        AssertRefused(Key + ";" + signature);
        AssertRefused(Key + "%" + signature);
    }

    [Fact]
    public void Invariant_3_A_signing_key_has_at_most_sixteen_fragments()
    {
        var longest = new Fragment(Block, long.MaxValue, long.MaxValue);
        var sixteen = string.Join(',', Enumerable.Repeat(longest, 16));

        Assert.True(SignatureHeader.TryParse(sixteen + ";" + Signature, out var header));
        Assert.Equal(16, header.SigningKey.Fragments.Length);
        Assert.Equal(SignatureHeader.MaxLength, header.ToString().Length);
        AssertRefused(string.Join(',', Enumerable.Repeat("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:1", 17)) + ";" + Signature);
        AssertRefused(sixteen + "0;" + Signature);
    }

    [Fact]
    public void Anything_else_is_refused_without_an_exception() =>
        Gen.OneOf(Gen.String, Gen.String.Select(text => Key + ";" + text), Gen.String.Select(text => text + ";" + Signature)).Sample(text =>
        {
            if (SignatureHeader.TryParse(text, out var header))
            {
                Assert.Equal(text, header.ToString());
            }
        });

    [Fact]
    public void The_signature_is_copied()
    {
        var signature = Convert.FromBase64String(Signature);
        var header = new SignatureHeader(Dialect.Guide, new Allocation(new Fragment(Block, 16, 32)), signature);

        signature.AsSpan().Clear();

        Assert.Equal(Key + ";" + Signature, header.ToString());
    }

    [Fact]
    public void A_header_is_made_of_a_signing_key_and_32_bytes()
    {
        Assert.Throws<ArgumentNullException>(() => new SignatureHeader(Dialect.Guide, null!, new byte[32]));
        Assert.Throws<ArgumentException>(() => new SignatureHeader(Dialect.Guide, new Allocation(), new byte[31]));
        Assert.Throws<ArgumentException>(() => new SignatureHeader(Dialect.Guide, new Allocation(), new byte[33]));
    }

    private static void AssertRefused(string? value)
    {
        Assert.False(SignatureHeader.TryParse(value, out var header));
        Assert.Null(header);
    }
}
