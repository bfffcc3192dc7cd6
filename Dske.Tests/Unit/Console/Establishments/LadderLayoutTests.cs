using Dske.Console.Establishments;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Traces;
using Dske.Tests.Unit.Console.Telemetry;

namespace Dske.Tests.Unit.Console.Establishments;

[Trait("Tier", "Unit")]
public sealed class LadderLayoutTests
{
    [Fact]
    public void Rails_stand_from_left_to_right_as_participants_do_and_rungs_below_each_other()
    {
        var view = Read();
        var layout = new LadderLayout(view);

        var rails = view.Participants.Select(participant => layout.RailOf(participant.Name)).ToList();
        Assert.Equal(rails.Order(), rails);
        Assert.Equal(rails.Count, rails.Distinct().Count());
        Assert.All(rails, rail => Assert.InRange(rail, 60, LadderLayout.Width - 40));
        Assert.True(LadderLayout.RungOf(0) > LadderLayout.RailTop);
        Assert.InRange(LadderLayout.RungOf(view.Steps.Count - 1), LadderLayout.RungOf(0), layout.Height);
    }

    [Fact]
    public void Whoever_sends_no_telemetry_stands_at_the_edge()
    {
        var layout = new LadderLayout(Read());

        Assert.Equal(layout.RailOf(null), layout.RailOf("nobody"));
        Assert.True(layout.RailOf(null) < layout.RailOf("sam"));
    }

    [Fact]
    public void Steps_are_timed_from_the_first_one()
    {
        var view = Read();
        var layout = new LadderLayout(view);

        Assert.Equal(TimeSpan.Zero, layout.OffsetOf(view.Steps[0]));
        Assert.Equal(TimeSpan.FromMilliseconds(3), layout.OffsetOf(view.Steps[1]));
        Assert.Equal(TimeSpan.Zero, layout.OffsetOf(view.Steps[0] with { Start = view.Start.AddSeconds(-1) }));
    }

    [Fact]
    public void Steps_say_what_they_are()
    {
        var view = Read();

        Assert.Equal("carol asks hank: pass share on, share 0. 20.0 ms, of which hank took 14.0 ms, 96 B of random data spent", StepText.Sentence(view.Steps[1]));
        Assert.Equal("share 0 · 20.0 ms", StepText.AtRung(view.Steps[1]));
        Assert.Equal("make keys · 40.0 ms", StepText.AtRung(view.Steps[0]));
        Assert.Equal("share 0 · timeout · 20.0 ms", StepText.AtRung(view.Steps[1] with { Failure = "timeout" }));
        Assert.EndsWith("; failed: timeout", StepText.Sentence(view.Steps[1] with { Failure = "timeout" }), StringComparison.Ordinal);
        Assert.StartsWith("? asks ", StepText.Sentence(view.Steps[0] with { From = null }), StringComparison.Ordinal);
    }

    private static EstablishmentView Read()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(TraceWriter.Establishment(1));
        return store.GetEstablishment(new TraceId(1))!;
    }
}
