using Dske.Console.Metrics.Charts;
using Dske.Console.Telemetry.Metrics;
using Dske.Tests.Unit.Console.Telemetry;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class ChartShapeTests
{
    private static readonly ChartScale Scale = new(10, [0, 5, 10]);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(2.5, 75)]
    [InlineData(10, 0)]
    [InlineData(11, 0)]
    [InlineData(-1, 100)]
    public void Numbers_stand_between_bottom_and_top(double value, double y) => Assert.Equal(y, ChartShape.Y(value, Scale), 9);

    [Fact]
    public void A_line_goes_through_the_middle_of_each_slot()
        => Assert.Equal("M2.5 100L7.5 50L12.5 0", ChartShape.LineOf(Points(0, 5, 10), Scale));

    [Fact]
    public void A_line_is_broken_where_nothing_was_reported()
        => Assert.Equal("M2.5 100L7.5 50M22.5 50L27.5 0", ChartShape.LineOf(Points(0, 5, null, double.NaN, 5, 10), Scale));

    [Fact]
    public void A_number_between_two_gaps_is_a_dot()
        => Assert.Equal("M7.5 50h0", ChartShape.LineOf(Points(null, 5, null), Scale));

    [Fact]
    public void An_area_stands_on_the_bottom_piece_by_piece()
        => Assert.Equal("M2.5 100L2.5 50L7.5 0V100ZM17.5 100L17.5 50V100Z", ChartShape.AreaOf(Points(5, 10, null, 5), Scale));

    [Fact]
    public void Where_nothing_was_reported_nothing_is_drawn()
    {
        Assert.Empty(ChartShape.LineOf(Points(null, null), Scale));
        Assert.Empty(ChartShape.AreaOf([], Scale));
    }

    internal static IReadOnlyList<MetricPoint> Points(params double?[] values)
        => [.. values.Select((value, i) => new MetricPoint(TraceWriter.Noon + (i * MetricWindow.Resolution), value))];
}
