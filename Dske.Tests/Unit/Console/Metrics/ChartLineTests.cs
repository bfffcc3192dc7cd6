using Dske.Console.Metrics.Charts;
using Dske.Console.Telemetry.Metrics;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class ChartLineTests
{
    [Fact]
    public void Each_rate_has_a_line_of_its_own_look()
    {
        var lines = ChartLine.Of([Rate("ok", 10), Rate("unavailable", 3)]);

        Assert.Equal([("ok", 0), ("unavailable", 1)], lines.Select(line => (line.Label, line.Look)));
        Assert.Equal(10, lines[0].Current);
    }

    [Fact]
    public void The_rarest_rates_are_taken_together_when_there_are_too_many()
    {
        var lines = ChartLine.Of([Rate("a", 1), Rate("b", 9), Rate("c", 8), Rate("d", 2), Rate("e", 7), Rate("f", 6), Rate("g", 5), Rate("h", null)]);

        Assert.Equal(["b", "c", "e", "f", "g", ChartLine.Others], lines.Select(line => line.Label));
        Assert.Equal(Enumerable.Range(0, ChartLine.Looks), lines.Select(line => line.Look));
        Assert.Equal(3, lines[^1].Current);
        Assert.Equal([3, null], lines[^1].Points.Select(point => point.Value));
    }

    [Fact]
    public void No_rates_have_no_lines() => Assert.Empty(ChartLine.Of([]));

    [Fact]
    public void A_summary_tells_what_is_now_the_least_and_the_most()
    {
        ChartLine line = new("ok", 0, ChartShapeTests.Points(1, null, 7.5, 3), 3);

        var text = ChartSummary.Of("Keys", [line, new("gone", 1, ChartShapeTests.Points(null, null, null, null), null)], ChartUnit.PerSecond);

        Assert.StartsWith("Keys, the last 15 minutes. ok: now 3/s, least 1/s, most 7.5/s at ", text, StringComparison.Ordinal);
        Assert.EndsWith("gone: nothing reported.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Minutes_have_the_last_number_of_each_the_latest_minute_first()
    {
        var values = Enumerable.Range(0, 26).Select(i => i == 25 ? null : (double?)i).ToArray();

        var minutes = ChartSummary.Minutes([new("ok", 0, ChartShapeTests.Points(values), null)]);

        Assert.Equal([24.0, 13, 1], minutes.Select(row => Assert.Single(row.Values)));
        Assert.Equal(TimeSpan.FromMinutes(1), minutes[0].Minute - minutes[1].Minute);
        Assert.Empty(ChartSummary.Minutes([]));
    }

    private static RateSeries Rate(string label, double? now) => new(label, now ?? 0, now * 100 ?? 0, ChartShapeTests.Points(now, null));
}
