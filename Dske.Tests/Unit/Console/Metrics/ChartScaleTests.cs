using CsCheck;
using Dske.Console.Metrics.Charts;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class ChartScaleTests
{
    [Theory]
    [InlineData(7, ChartUnit.PerSecond, new double[] { 0, 2, 4, 6, 8 })]
    [InlineData(12.5, ChartUnit.PerSecond, new double[] { 0, 5, 10, 15 })]
    [InlineData(100, ChartUnit.PerSecond, new double[] { 0, 50, 100 })]
    [InlineData(0.2, ChartUnit.PerSecond, new double[] { 0, 0.5, 1 })]
    [InlineData(0.038, ChartUnit.Seconds, new double[] { 0, 0.01, 0.02, 0.03, 0.04 })]
    [InlineData(0.0001, ChartUnit.Seconds, new double[] { 0, 0.005, 0.01 })]
    [InlineData(262_144, ChartUnit.Bytes, new double[] { 0, 65_536, 131_072, 196_608, 262_144 })]
    [InlineData(300_000, ChartUnit.Bytes, new double[] { 0, 131_072, 262_144, 393_216 })]
    [InlineData(1, ChartUnit.BytesPerSecond, new double[] { 0, 256, 512, 768, 1024 })]
    public void An_axis_has_round_numbers_of_its_unit(double most, ChartUnit unit, double[] ticks)
    {
        var scale = ChartScale.Of(most, unit);

        Assert.Equal(ticks.Length, scale.Ticks.Count);
        Assert.All(ticks.Zip(scale.Ticks), pair => Assert.Equal(pair.First, pair.Second, 9));
        Assert.Equal(ticks[^1], scale.Top, 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Nothing_at_all_has_an_axis_too(double most) => Assert.Equal(1, ChartScale.Of(most, ChartUnit.PerSecond).Top, 9);

    [Fact]
    public void Every_number_has_its_place_below_the_top_and_no_more_than_half_of_an_axis_is_empty()
        => Gen.Select(Gen.Double[1e-9, 1e15], Gen.Enum<ChartUnit>()).Sample((most, unit) =>
        {
            var scale = ChartScale.Of(most, unit);

            Assert.InRange(most, 0, scale.Top * (1 + 1e-9));
            Assert.InRange(scale.Ticks.Count, 2, 5);
            Assert.True(scale.Top <= Math.Max(most, 1024) * 2);
        });
}
