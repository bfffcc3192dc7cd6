using Dske.Console.Logs;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Unit.Console.Logs;

[Trait("Tier", "Unit")]
public sealed class LogTextTests
{
    [Fact]
    public void Each_level_has_a_word_that_leads_back_to_it()
        => Assert.All(LogText.Levels, level => Assert.Equal(level, LogText.LevelOf(LogText.Of(level).ToUpperInvariant())));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("4")]
    public void Anything_else_leaves_no_level_out(string? word) => Assert.Equal(LogLevel.Trace, LogText.LevelOf(word));

    [Fact]
    public void Times_are_written_to_the_millisecond()
    {
        var time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 3, 4)));

        Assert.Equal("05:06:07.089", LogText.Of(time));
    }
}
