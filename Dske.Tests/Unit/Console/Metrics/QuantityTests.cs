using Dske.Console.Metrics.Charts;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class QuantityTests
{
    [Theory]
    [InlineData(0.0, ChartUnit.PerSecond, "0/s")]
    [InlineData(0.125, ChartUnit.PerSecond, "0.13/s")]
    [InlineData(12.34, ChartUnit.PerSecond, "12.3/s")]
    [InlineData(1234.5, ChartUnit.PerSecond, "1,235/s")]
    [InlineData(0.0, ChartUnit.Seconds, "0")]
    [InlineData(0.00412, ChartUnit.Seconds, "4.12 ms")]
    [InlineData(0.0355, ChartUnit.Seconds, "35.5 ms")]
    [InlineData(1.25, ChartUnit.Seconds, "1.25 s")]
    [InlineData(65_536.0, ChartUnit.Bytes, "64 KiB")]
    [InlineData(1536.0, ChartUnit.BytesPerSecond, "1.5 KiB/s")]
    [InlineData(1e300, ChartUnit.Bytes, "1073741824 GiB")]
    [InlineData(double.NaN, ChartUnit.Bytes, "–")]
    [InlineData(null, ChartUnit.Seconds, "–")]
    public void Numbers_have_units_that_fit(double? value, ChartUnit unit, string text) => Assert.Equal(text, Quantity.Of(value, unit));

    [Theory]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3599, "59 min")]
    [InlineData(3600, "1 h")]
    [InlineData(172_799, "47 h")]
    [InlineData(172_800, "2 days")]
    [InlineData(31_536_000, "over a year")]
    public void Time_that_is_left_is_rounded_down(double seconds, string text) => Assert.Equal(text, Quantity.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Time_that_does_not_end_has_no_number() => Assert.Equal(Quantity.None, Quantity.Of((TimeSpan?)null));

    [Fact]
    public void Counts_have_no_fraction() => Assert.Equal("1,235", Quantity.Count(1234.6));
}
