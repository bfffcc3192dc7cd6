using Dske.Console.Metrics;
using Dske.Console.Telemetry.Metrics;
using Dske.Tests.Unit.Console.Telemetry;

namespace Dske.Tests.Unit.Console.Metrics;

[Trait("Tier", "Unit")]
public sealed class PsrdOutlookTests
{
    private readonly PsrdOutlook _outlook = new(refillBelow: 5000);

    [Theory]
    [InlineData(1000, null, false, PsrdConcern.None, "not being spent")]
    [InlineData(1000, 3600, false, PsrdConcern.None, "lasts 1 h")]
    [InlineData(1000, 301, false, PsrdConcern.None, "lasts 5 min")]
    [InlineData(1000, 300, false, PsrdConcern.Soon, "runs out in 5 min")]
    [InlineData(1000, 60, false, PsrdConcern.VerySoon, "runs out in 1 min")]
    [InlineData(5000, 2, false, PsrdConcern.None, "lasts 2 s")]
    [InlineData(4999, 2, false, PsrdConcern.VerySoon, "runs out in 2 s")]
    [InlineData(0, null, false, PsrdConcern.UsedUp, "used up")]
    [InlineData(0, 0, false, PsrdConcern.UsedUp, "used up")]
    [InlineData(0, 0, true, PsrdConcern.Unknown, "not reported any more")]
    public void What_is_not_filled_up_and_runs_out_within_minutes_is_something_to_worry_about(long bytes, int? left, bool isStale, PsrdConcern concern, string text)
    {
        var level = Level("carol", "hank", bytes, left, isStale);

        Assert.Equal(concern, _outlook.ConcernOf(level));
        Assert.Equal(text, _outlook.Describe(level));
    }

    [Fact]
    public void The_worst_come_first_and_the_others_keep_their_order()
    {
        var ordered = _outlook.Order(
        [
            Level("a", "h", 9, 4000),
            Level("b", "h", 5, null),
            Level("c", "h", 1000, 200),
            Level("d", "h", 0, null),
            Level("e", "h", 1000, 100),
            Level("f", "h", 1000, null, isStale: true),
            Level("g", "h", 1000, 10),
        ]);

        Assert.Equal(["d", "g", "e", "c", "f", "a", "b"], ordered.Select(level => level.Client));
    }

    [Fact]
    public void A_report_counts_only_levels_that_can_be_relied_on()
    {
        MetricsReport report = new()
        {
            Nodes = ["carol"],
            Keys = [],
            Latency = new(default, []),
            Psrd = [Level("carol", "hank", 1, 20), Level("carol", "holly", 1, 10, isStale: true), Level("carol", "hugo", 1, null)],
            ClientPsrd = new([], []),
            HubPsrd = new([], []),
            Rejections = [],
        };

        Assert.Equal(["hank", "hugo"], report.Fresh.Select(level => level.Hub));
        Assert.Equal(TimeSpan.FromSeconds(20), report.TimeLeft);
    }

    private static PsrdLevel Level(string client, string hub, long bytes, int? left, bool isStale = false) => new()
    {
        Client = client,
        Hub = hub,
        Owner = PsrdOutlook.Client,
        Bytes = bytes,
        Reported = TraceWriter.Noon,
        IsStale = isStale,
        ConsumptionPerSecond = left is > 0 ? bytes / (double)left : 0,
        TimeLeft = left is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };
}
