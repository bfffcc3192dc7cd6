using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class OneTimePadTests
{
    [Fact]
    public void Every_byte_is_xored_with_its_own_byte_of_the_pad_whatever_the_length() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int).Sample((text, seed) =>
        {
            var pad = new byte[text.Length];
            new Random(seed).NextBytes(pad);
            var encrypted = text.ToArray();

            OneTimePad.Apply(pad, encrypted);

            Assert.Equal(text.Zip(pad, (a, b) => (byte)(a ^ b)), encrypted);
        });

    [Fact]
    public void Applying_it_twice_gives_the_text_back() =>
        Gen.Byte[0, 255].Array[0, 200].Sample(text =>
        {
            var pad = text.Reverse().ToArray();
            var twice = text.ToArray();

            OneTimePad.Apply(pad, twice);
            OneTimePad.Apply(pad, twice);

            Assert.Equal(text, twice);
        });

    [Theory]
    [InlineData(0, 1)]
    [InlineData(31, 32)]
    [InlineData(33, 32)]
    public void A_pad_of_another_length_is_refused_and_the_text_stays(int padLength, int textLength)
    {
        var text = new byte[textLength];

        Assert.Throws<ArgumentException>(() => OneTimePad.Apply(Enumerable.Repeat((byte)1, padLength).ToArray(), text));

        Assert.Equal(new byte[textLength], text);
    }
}
