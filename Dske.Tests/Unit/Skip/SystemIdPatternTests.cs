using System.IO.Enumeration;
using CsCheck;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Skip;

namespace Dske.Tests.Unit.Skip;

[Trait("Tier", "Unit")]
public sealed class SystemIdPatternTests
{
    [Theory]
    [InlineData("carol", "carol", true)]
    [InlineData("carol", "carols", false)]
    [InlineData("carol", "caro", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", "conny-2", true)]
    [InlineData("**", "conny", true)]
    [InlineData("con*", "con", true)]
    [InlineData("con*", "conny", true)]
    [InlineData("con*", "xconny", false)]
    [InlineData("*ny", "conny", true)]
    [InlineData("*ny", "connyx", false)]
    [InlineData("a*b*c", "a1b2b3c", true)]
    [InlineData("a*b*c", "a1b2c3", false)]
    [InlineData("a*ab", "aab", true)]
    [InlineData("a*ab", "aaab", true)]
    [InlineData("a*ab", "ab", false)]
    [InlineData("?", "a", true)]
    [InlineData("?", "ab", false)]
    [InlineData("kp-??", "kp-01", true)]
    [InlineData("kp-??", "kp-1", false)]
    [InlineData("kp-[13]", "kp-1", true)]
    [InlineData("kp-[13]", "kp-2", false)]
    [InlineData("kp-[!13]", "kp-2", true)]
    [InlineData("kp-[!13]", "kp-3", false)]
    [InlineData("[a-cx]1", "b1", true)]
    [InlineData("[a-cx]1", "x1", true)]
    [InlineData("[a-cx]1", "d1", false)]
    [InlineData("[!a-z]*", "4you", true)]
    [InlineData("[!a-z]*", "you", false)]
    [InlineData("a[-b]c", "a-c", true)]
    [InlineData("a[b-]c", "a-c", true)]
    [InlineData("a[b-]c", "acc", false)]
    [InlineData("*[0-9]", "kp-7", true)]
    [InlineData("*[0-9]", "kp-7x", false)]
    public void A_name_fits_as_POSIX_has_it(string text, string name, bool fits)
    {
        Assert.True(SystemIdPattern.TryParse(text, out var pattern));

        Assert.Equal(fits, pattern.Matches(NodeName.Parse(name)));
        Assert.Equal(text, pattern.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Carol")]
    [InlineData("c_rol")]
    [InlineData("carol*\n")]
    [InlineData("zoë")]
    [InlineData("[")]
    [InlineData("[ab")]
    [InlineData("[]")]
    [InlineData("[!]")]
    [InlineData("ab]")]
    [InlineData("[c-a]")]
    [InlineData("[a-9]")]
    [InlineData("[A-z]")]
    [InlineData("[*]")]
    [InlineData("[[:digit:]]")]
    [InlineData("[!a-z0-9-]")]
    [InlineData("\\*")]
    public void Anything_else_is_no_pattern(string? text)
    {
        Assert.False(SystemIdPattern.TryParse(text, out var pattern));
        Assert.Null(pattern);
    }

    [Fact]
    public void A_pattern_has_255_characters_at_most()
    {
        Assert.True(SystemIdPattern.TryParse(new string('*', 255), out _));
        Assert.False(SystemIdPattern.TryParse(new string('*', 256), out _));
    }

    [Fact]
    public void Stars_and_question_marks_match_as_file_names_do() =>
        Gen.Select(Gen.Char["ab*?"].Array[1, 8], Gen.Char["ab"].Array[1, 8]).Sample((pattern, name) =>
        {
            Assert.True(SystemIdPattern.TryParse(new string(pattern), out var parsed));
            Assert.Equal(FileSystemName.MatchesSimpleExpression(new string(pattern), new string(name), ignoreCase: false), parsed.Matches(NodeName.Parse(new string(name))));
        });
}
