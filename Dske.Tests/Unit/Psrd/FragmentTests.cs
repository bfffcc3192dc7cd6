using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class FragmentTests
{
    private const string Block = "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c";

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.Select(Gen.Guid, Gen.Long[0, long.MaxValue], Gen.Long[1, long.MaxValue]).Sample((block, start, size) =>
        {
            var fragment = new Fragment(block, start, size);
            Span<char> text = stackalloc char[Fragment.MaxEncodedLength];

            Assert.True(fragment.TryFormat(text, out var written));
            Assert.Equal(fragment.ToString(), text[..written]);
            Assert.True(Fragment.TryParse(text[..written], out var read));
            Assert.Equal(fragment, read);
            Assert.False(fragment.TryFormat(text[..(written - 1)], out _));
        });

    [Fact]
    public void The_longest_fragment_has_the_greatest_length()
    {
        var longest = new Fragment(Guid.Parse(Block), long.MaxValue, long.MaxValue);

        Assert.Equal(Fragment.MaxEncodedLength, longest.ToString().Length);
        Assert.True(Fragment.TryParse(longest.ToString(), out var read));
        Assert.Equal(longest, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData(Block)]
    [InlineData(Block + ":")]
    [InlineData(Block + "::")]
    [InlineData(Block + ":0")]
    [InlineData(Block + ":0:")]
    [InlineData(Block + "::1")]
    [InlineData(Block + ":0:1:")]
    [InlineData(Block + ":0:1:1")]
    [InlineData(Block + ";0:1")]
    [InlineData(Block + ":0;1")]
    public void A_fragment_has_three_parts(string text) => AssertRefused(text);

    [Theory]
    [InlineData("B2D4D9EA-59C0-4FA6-A3F1-900BB39D6C3C")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3C")]
    [InlineData("b2d4d9ea59c04fa6a3f1900bb39d6c3c")]
    [InlineData("{b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c}")]
    [InlineData("(b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c)")]
    [InlineData("urn:uuid:b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData(" b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c ")]
    [InlineData("+2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData("0xd4d9ea-59c0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData("b2d4d9ea-+9c0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData("b2d4d9ea-0xc0-4fa6-a3f1-900bb39d6c3c")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3g")]
    [InlineData("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c３c")]
    [InlineData("b2d4d9ea_59c0_4fa6_a3f1_900bb39d6c3c")]
    [InlineData("not-a-uuid")]
    public void A_block_has_one_spelling(string block) => AssertRefused(block + ":0:1");

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1_0")]
    [InlineData("1,0")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("x")]
    [InlineData("١")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999999999")]
    public void A_number_has_one_spelling(string number)
    {
        AssertRefused($"{Block}:{number}:1");
        AssertRefused($"{Block}:0:{number}");
    }

    [Fact]
    public void Invariant_3_An_empty_fragment_is_refused() => AssertRefused(Block + ":0:0");

    private static void AssertRefused(string text)
    {
        Assert.False(Fragment.TryParse(text, out var fragment));
        Assert.Equal(default, fragment);
    }
}
