using Dske.Console.Network;
using static Dske.Tests.Unit.Console.Network.Readings;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class NetworkWatchTests
{
    private readonly NetworkWatch _watch = new();

    [Fact]
    public void What_is_there_at_first_is_no_event()
    {
        _watch.Publish(Well());

        Assert.Empty(_watch.EventsOf(null));
    }

    [Fact]
    public void A_hub_that_goes_and_comes_back_leaves_events_the_latest_first()
    {
        var well = Well();
        var gone = Build(well, Down("hank"), Ready("helen"), AnswerOf("carol", LinkTo("hank"), LinkTo("helen")), AnswerOf("conny", LinkTo("hank"), LinkTo("helen")), Ready("sam"));
        foreach (var snapshot in (NetworkSnapshot[])[well, gone, Well(gone)])
        {
            _watch.Publish(snapshot);
        }

        Assert.Equal([("Up again, and ready.", EventTone.Good), ("Down. It does not answer.", EventTone.Bad)], _watch.EventsOf("hank").Select(change => (change.Text, change.Tone)));
        Assert.Equal(["The link to hank can be used.", "The link to hank cannot be used."], _watch.EventsOf("carol").Select(change => change.Text));
        Assert.Empty(_watch.EventsOf("helen"));
    }

    [Fact]
    public void Suspicion_is_told_when_it_begins_and_when_it_ends()
    {
        var well = Build(null, AnswerOf("carol", LinkTo("hank")));
        var suspected = Build(well, AnswerOf("carol", LinkTo("hank", suspect: true)));
        foreach (var snapshot in (NetworkSnapshot[])[well, suspected, Build(suspected, AnswerOf("carol", LinkTo("hank", suspect: true))), Build(suspected, AnswerOf("carol", LinkTo("hank")))])
        {
            _watch.Publish(snapshot);
        }

        Assert.Equal(["No longer suspect.", "Suspect: wrong shares came over it to carol."], _watch.EventsOf("hank").Select(change => change.Text));
    }

    [Fact]
    public void Old_events_make_way_for_new_ones()
    {
        NetworkSnapshot? snapshot = null;
        for (var i = 0; i <= NetworkWatch.MaxEvents + 10; i++)
        {
            snapshot = Build(snapshot, i % 2 == 0 ? Ready("hank") : Down("hank"));
            _watch.Publish(snapshot);
        }

        Assert.Equal(NetworkWatch.MaxEvents, _watch.EventsOf(null).Count);
        Assert.Equal(snapshot!.TakenAt, _watch.EventsOf(null)[0].At);
    }

    [Fact]
    public void Viewers_are_told_until_they_leave()
    {
        var (first, second) = (0, 0);
        using var stays = _watch.Subscribe(() => first++);
        var leaves = _watch.Subscribe(() => second++);
        _watch.Publish(Well());
        leaves.Dispose();
        leaves.Dispose();
        _watch.Publish(Well());

        Assert.Equal((2, 1), (first, second));
        Assert.True(_watch.HasViewers);
    }

    [Fact]
    public void A_viewer_that_comes_is_noticed()
    {
        var next = _watch.NextViewer;
        Assert.False(next.IsCompleted || _watch.HasViewers);

        using var viewer = _watch.Subscribe(() => { });

        Assert.True(next.IsCompletedSuccessfully && _watch.HasViewers);
        Assert.False(_watch.NextViewer.IsCompleted);
    }
}
