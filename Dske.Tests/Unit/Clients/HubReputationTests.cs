using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;

namespace Dske.Tests.Unit.Clients;

[Trait("Tier", "Unit")]
public sealed class HubReputationTests
{
    private static readonly Guid Key = new("01234567-89ab-4cde-8f01-23456789abcd");

    private readonly HubReputation _reputation = new([NodeName.Parse("hank"), NodeName.Parse("helen"), NodeName.Parse("hilary")]);
    private readonly List<HubSuspicion> _changes = [];
    private readonly List<HubAccusation> _accusations = [];

    public HubReputationTests()
    {
        _reputation.SuspicionChanged += (_, change) => _changes.Add(change);
        _reputation.Accused += (_, accusation) => _accusations.Add(accusation);
    }

    [Fact]
    public void Two_initiators_make_a_hub_suspect()
    {
        _reputation.Accuse(1, "sam", Key);
        Assert.False(_reputation.IsSuspect(1));

        _reputation.Accuse(1, "dora", Key);

        Assert.Equal([1], _reputation.Suspects);
        Assert.Equal([new HubSuspicion(NodeName.Parse("helen"), true)], _changes);
        Assert.Equal([new(NodeName.Parse("helen"), "sam", Key), new HubAccusation(NodeName.Parse("helen"), "dora", Key)], _accusations);
    }

    [Fact]
    public void One_initiator_makes_none_however_often_it_accuses()
    {
        for (var i = 0; i < 100; i++)
        {
            _reputation.Accuse(0, "mallory", Key);
            _reputation.Accuse(2, "mallory", Key);
        }

        _reputation.Accuse(1, "sam", Key);
        Assert.Empty(_reputation.Suspects);
        Assert.Empty(_changes);
    }

    [Fact]
    public void What_somebody_on_the_way_can_do_makes_no_hub_suspect()
    {
        _reputation.Accuse(0, "sam", Key, isBound: false);
        _reputation.Accuse(0, "dora", Key, isBound: false);

        Assert.Equal(2, _accusations.Count);
        Assert.Empty(_reputation.Suspects);
    }

    [Fact]
    public void A_hub_recovers_by_staying_honest_towards_two_initiators()
    {
        AccuseByTwo(0);
        Confirm(0, "sam", HubReputation.HonestShares - 1);
        Assert.True(_reputation.IsSuspect(0));

        _reputation.Confirm(0, "dora");

        Assert.Empty(_reputation.Suspects);
        Assert.Equal([true, false], _changes.Select(change => change.IsSuspect));
        _reputation.Accuse(0, "sam", Key);
        Assert.False(_reputation.IsSuspect(0));
    }

    [Fact]
    public void One_initiator_takes_back_its_own_accusation_only()
    {
        AccuseByTwo(0);
        _reputation.Accuse(0, "mike", Key);

        Confirm(0, "sam", 10 * HubReputation.HonestShares);

        // Sam's is gone, and two are left.
        Assert.True(_reputation.IsSuspect(0));
        Confirm(0, "dora", HubReputation.HonestShares);
        Assert.False(_reputation.IsSuspect(0));
    }

    [Fact]
    public void Honesty_of_others_or_before_does_not_count()
    {
        Confirm(0, "sam", HubReputation.HonestShares);
        Confirm(0, "dora", HubReputation.HonestShares);
        AccuseByTwo(0);
        Confirm(1, "sam", HubReputation.HonestShares);
        Confirm(1, "dora", HubReputation.HonestShares);

        Assert.Equal([0], _reputation.Suspects);
    }

    [Fact]
    public void A_hub_that_lies_now_and_then_stays_suspect()
    {
        for (var i = 0; i < 10; i++)
        {
            AccuseByTwo(0);
            Confirm(0, "sam", HubReputation.HonestShares / 2);
            Confirm(0, "dora", (HubReputation.HonestShares / 2) - 1);
        }

        Assert.Equal([0], _reputation.Suspects);
        Assert.Single(_changes);
    }

    [Fact]
    public void An_initiator_that_goes_on_framing_keeps_no_ones_accusation_alive_but_its_own()
    {
        AccuseByTwo(0);
        for (var i = 0; i < HubReputation.HonestShares; i++)
        {
            _reputation.Accuse(0, "sam", Key);
            _reputation.Confirm(0, i % 2 == 0 ? "dora" : "mike");
        }

        Assert.False(_reputation.IsSuspect(0));
    }

    [Fact]
    public void No_more_accusers_are_remembered_than_there_is_room_for()
    {
        for (var i = 0; i < 1000; i++)
        {
            _reputation.Accuse(0, $"sae-{i}", Key);
        }

        Assert.Equal(HubReputation.MaxAccusers, _reputation.CountAccusers(0));
        Assert.True(_reputation.IsSuspect(0));
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentNullException>("hubs", () => new HubReputation(null!));
        Assert.Throws<ArgumentNullException>("initiator", () => _reputation.Accuse(0, null!, Key));
        Assert.Throws<ArgumentNullException>("initiator", () => _reputation.Confirm(0, null!));
        Assert.Throws<IndexOutOfRangeException>(() => _reputation.Accuse(3, "sam", Key));
        Assert.Throws<IndexOutOfRangeException>(() => _reputation.IsSuspect(-1));
    }

    private void AccuseByTwo(int hub)
    {
        _reputation.Accuse(hub, "sam", Key);
        _reputation.Accuse(hub, "dora", Key);
    }

    private void Confirm(int hub, string initiator, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _reputation.Confirm(hub, initiator);
        }
    }
}
