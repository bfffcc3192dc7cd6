using Dske.Console.Traces;

namespace Dske.Tests.Unit.Console.Traces;

[Trait("Tier", "Unit")]
public sealed class ElapsedTests
{
    [Theory]
    [InlineData(0, "0.00 ms")]
    [InlineData(4_200, "0.42 ms")]
    [InlineData(123_400, "12.3 ms")]
    [InlineData(9_876_000, "988 ms")]
    [InlineData(12_500_000, "1.25 s")]
    public void A_duration_has_the_unit_that_fits(long ticks, string text) => Assert.Equal(text, Elapsed.Of(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void A_node_keeps_its_colour_and_nodes_differ()
    {
        Assert.Equal(NodeColour.Of("hank"), NodeColour.Of("hank"));
        Assert.True(new[] { "hank", "helen", "hilary", "holly", "hugo", "carol", "conny", "sam", "sofia" }.Select(NodeColour.Of).Distinct().Count() >= 5);
        Assert.Matches("^#[0-9a-f]{6}$", NodeColour.Of(""));
    }
}
