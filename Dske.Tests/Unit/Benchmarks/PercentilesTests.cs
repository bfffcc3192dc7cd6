using Dske.Benchmarks.Load;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class PercentilesTests
{
    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(1, 99, 1)]
    [InlineData(2, 50, 1)]
    [InlineData(3, 50, 2)]
    [InlineData(100, 50, 50)]
    [InlineData(100, 95, 95)]
    [InlineData(100, 99, 99)]
    [InlineData(100, 100, 100)]
    [InlineData(101, 99, 100)]
    [InlineData(1000, 99, 990)]
    public void A_percentile_is_the_least_value_that_so_many_do_not_exceed(int count, int percent, int expected)
    {
        TimeSpan[] sorted = [.. Enumerable.Range(1, count).Select(i => TimeSpan.FromTicks(i))];

        Assert.Equal(expected, Percentiles.Of(sorted, percent).Ticks);
    }

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Throws<ArgumentException>(() => Percentiles.Of([], 50));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100.1)]
    public void There_is_no_percentile_beyond_0_and_100(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentiles.Of([TimeSpan.Zero], (decimal)percent));
}
