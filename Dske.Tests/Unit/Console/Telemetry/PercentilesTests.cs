using Dske.Console.Telemetry.Metrics;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class PercentilesTests
{
    [Theory]
    [InlineData(0.5, new long[] { 10, 0, 0 }, 0.5)]
    [InlineData(1.0, new long[] { 10, 0, 0 }, 1.0)]
    [InlineData(0.5, new long[] { 0, 10, 0 }, 2.0)]
    [InlineData(0.25, new long[] { 10, 10, 0 }, 0.5)]
    [InlineData(0.75, new long[] { 10, 10, 0 }, 2.0)]
    [InlineData(0.99, new long[] { 98, 1, 1 }, 3.0)]
    [InlineData(0.995, new long[] { 98, 1, 1 }, 3.0)]
    [InlineData(0.5, new long[] { 0, 0, 7 }, 3.0)]
    public void Measurements_of_a_bucket_are_spread_evenly_and_the_last_bucket_has_no_end(double part, long[] buckets, double expected)
    {
        Assert.Equal(expected, Percentiles.Of([1, 3], buckets, part)!.Value, 9);
    }

    [Fact]
    public void Nothing_measured_has_no_percentile()
    {
        Assert.Null(Percentiles.Of([1, 3], [0, 0, 0], 0.5));
        Assert.Null(Percentiles.Of([], [5], 0.5));
    }
}
