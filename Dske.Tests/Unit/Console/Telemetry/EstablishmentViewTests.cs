using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Traces;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class EstablishmentViewTests
{
    [Fact]
    public void The_ladder_says_who_asked_whom_in_the_order_of_time()
    {
        var view = Read(TraceWriter.Establishment(1));

        Assert.Equal(
            [
                (EstablishmentStepKind.MakeKeys, "sam", "carol", 2, 40),
                (EstablishmentStepKind.Relay, "carol", "hank", 5, 20),
                (EstablishmentStepKind.Relay, "carol", "helen", 5, 30),
                (EstablishmentStepKind.Offer, "sam", "sofia", 50, 45),
                (EstablishmentStepKind.FetchKeys, "sofia", "conny", 53, 35),
                (EstablishmentStepKind.Collect, "conny", "hank", 56, 12),
            ],
            view.Steps.Select(step => (step.Kind, step.From!, step.To, (int)(step.Start - TraceWriter.Noon).TotalMilliseconds, (int)step.Duration.TotalMilliseconds)));
        Assert.All(view.Steps, step => Assert.True(step.Succeeded));
        Assert.Equal((TraceWriter.Noon.AddMilliseconds(2), TraceWriter.Noon.AddMilliseconds(95)), (view.Start, view.End));
    }

    [Fact]
    public void The_participants_stand_as_the_network_is_drawn()
    {
        var view = Read(TraceWriter.Establishment(1));

        Assert.Equal(
            [
                new("sam", EstablishmentRole.InitiatingEncryptor), new("carol", EstablishmentRole.InitiatingClient), new("hank", EstablishmentRole.Hub),
                new("helen", EstablishmentRole.Hub), new("conny", EstablishmentRole.RespondingClient), new("sofia", EstablishmentRole.RespondingEncryptor),
            ],
            view.Participants);
    }

    [Fact]
    public void A_step_with_a_hub_tells_its_share_its_PSRD_and_what_the_hub_did()
    {
        var view = Read(TraceWriter.Establishment(1));

        var relay = view.Steps[1];
        Assert.Equal((0, 96L), (relay.ShareIndex, relay.PsrdSpent));
        Assert.Equal((TraceWriter.Noon.AddMilliseconds(8), TimeSpan.FromMilliseconds(14)), (relay.HandlingStart, relay.HandlingDuration));
        Assert.Equal((1, null, null), (view.Steps[2].ShareIndex, view.Steps[2].PsrdSpent, view.Steps[2].HandlingStart));
        Assert.Equal(224, view.PsrdSpent);
    }

    [Fact]
    public void A_hub_that_is_down_is_a_step_that_failed_in_an_establishment_that_did_not()
    {
        var view = Read(TraceWriter.Establishment(1, helenIsDown: true));

        Assert.Equal("timeout", Assert.Single(view.Steps, step => !step.Succeeded).Failure);
        Assert.Equal((TraceOutcome.Degraded, null), (view.Summary.Outcome, view.Summary.Failure));
    }

    [Fact]
    public void A_failed_establishment_says_why_and_names_the_peer_that_heard_nothing_of_it()
    {
        var view = Read(TraceWriter.Establishment(1, fails: true));

        Assert.Equal((TraceOutcome.Failed, "KmeUnavailable"), (view.Summary.Outcome, view.Summary.Failure));
        Assert.Equal(new EstablishmentParticipant("sofia", EstablishmentRole.RespondingEncryptor), view.Participants[^1]);
    }

    [Fact]
    public void One_whose_caller_sends_no_telemetry_is_complete_all_the_same()
    {
        Assert.Equal(TraceOutcome.Ok, Read(TraceWriter.Establishment(1, caller: 77)).Summary.Outcome);
    }

    [Fact]
    public void Keys_that_are_fetched_directly_are_an_establishment_without_encryptors()
    {
        var view = Read([.. TraceWriter.Establishment(1).Where(span => span.Node is "conny")]);

        Assert.Equal([(EstablishmentStepKind.FetchKeys, null, "conny"), (EstablishmentStepKind.Collect, "conny", "hank")], view.Steps.Select(step => (step.Kind, step.From, step.To)));
        Assert.Equal([EstablishmentRole.Hub, EstablishmentRole.RespondingClient], view.Participants.Select(participant => participant.Role));
    }

    [Fact]
    public void Every_part_of_a_trace_can_be_missing()
    {
        var whole = TraceWriter.Establishment(1, helenIsDown: true);
        for (var i = 0; i < whole.Count; i++)
        {
            var store = new TraceStore(new TelemetryLimits());
            store.Add([.. whole.Where((_, index) => index != i)]);

            var view = store.GetEstablishment(new TraceId(1))!;

            // Every rung ends at rails that are drawn.
            var rails = view.Participants.Select(participant => participant.Name).ToList();
            Assert.All(view.Steps, step => Assert.Contains(step.To, rails));
            Assert.All(view.Steps.Where(step => step.From is not null), step => Assert.Contains(step.From!, rails));
        }
    }

    [Fact]
    public void Parents_in_a_circle_are_read_to_an_end()
    {
        var view = Read(
        [
            TraceWriter.Span(1, 1, 2, "dske.key.establish", "carol"),
            TraceWriter.Span(1, 2, 1, "dske.share.relay", "carol", attributes: [("dske.hub", "hank"), ("dske.share.index", "99999999999"), ("dske.psrd.spent", "many")]),
        ]);

        Assert.Equal(2, view.Steps.Count);
        Assert.Equal((null, null), (view.Steps[1].ShareIndex, view.Steps[1].PsrdSpent));
        Assert.Contains(view.Participants, participant => participant.Name == "hank");
    }

    [Fact]
    public void Another_trace_is_no_establishment()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([TraceWriter.Span(1, 1)]);

        Assert.Null(store.GetEstablishment(new TraceId(1)));
        Assert.Null(store.GetEstablishment(new TraceId(2)));
    }

    private static EstablishmentView Read(IReadOnlyList<Span> spans)
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(spans);
        return store.GetEstablishment(new TraceId(1))!;
    }
}
