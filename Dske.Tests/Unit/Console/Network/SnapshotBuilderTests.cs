using Dske.Console.Network;
using Dske.Protocol.Management;
using static Dske.Tests.Unit.Console.Network.Readings;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class SnapshotBuilderTests
{
    [Fact]
    public void Nodes_that_have_not_answered_are_there_and_unknown()
    {
        var network = Build(null);

        Assert.Equal(["hank", "helen", "carol", "conny", "sam"], network.Nodes.Select(node => node.Name));
        Assert.All(network.Nodes, node => Assert.Equal(NodeHealth.Unknown, node.Health));
        Assert.Empty(network.Links);
        Assert.Empty(network.Alarms);
    }

    [Fact]
    public void A_link_has_the_data_of_either_owner_and_is_dark_at_first()
    {
        var network = Build(null, AnswerOf("carol", LinkTo("hank", clientOwned: 700, hubOwned: 300)));

        var link = network.Find("carol", "hank")!;
        Assert.Equal((700, 300), (link.ClientOwned.Available, link.HubOwned.Available));
        Assert.False(link.IsLit);
        Assert.True(link.IsUsable);
    }

    [Fact]
    public void A_link_lights_up_when_either_owner_has_spent_and_goes_dark_again()
    {
        var full = Build(null, AnswerOf("carol", LinkTo("hank"), LinkTo("helen")));
        var spent = Build(full, AnswerOf("carol", LinkTo("hank", clientOwned: 900), LinkTo("helen", hubOwned: 990)));
        var quiet = Build(spent, AnswerOf("carol", LinkTo("hank", clientOwned: 900), LinkTo("helen", hubOwned: 990)));

        Assert.Equal((100, 0), (spent.Find("carol", "hank")!.ClientOwned.Spent, spent.Find("carol", "hank")!.HubOwned.Spent));
        Assert.Equal((0, 10), (spent.Find("carol", "helen")!.ClientOwned.Spent, spent.Find("carol", "helen")!.HubOwned.Spent));
        Assert.All(spent.Links, link => Assert.True(link.IsLit));
        Assert.All(quiet.Links, link => Assert.False(link.IsLit));
    }

    [Fact]
    public void A_block_that_is_gone_was_spent_and_a_new_one_hides_none_of_it()
    {
        var before = PoolLevel.Of(new PoolReport { Owner = "local", Blocks = [BlockOf(Block, 40)] }, null);
        var after = PoolLevel.Of(new PoolReport { Owner = "local", Blocks = [BlockOf(Guid.Empty, 1000)] }, before);

        Assert.Equal((1000, 40), (after.Available, after.Spent));
    }

    [Fact]
    public void Pending_blocks_do_not_count()
    {
        var pool = PoolLevel.Of(new PoolReport { Owner = "local", Blocks = [BlockOf(Block, 100), BlockOf(Guid.Empty, 1000, pending: true)] }, null);

        Assert.Equal(100, pool.Available);
        Assert.Equal(0.1, pool.ShareOf(Full));
        Assert.Equal(1, pool.ShareOf(50));
    }

    [Fact]
    public void The_links_of_a_client_that_is_away_are_remembered_and_stale()
    {
        var before = Build(null, AnswerOf("carol", LinkTo("hank", clientOwned: 700)));
        before = Build(before, AnswerOf("carol", LinkTo("hank", clientOwned: 600)));
        var away = Build(before, Down("carol"));
        var back = Build(away, AnswerOf("carol", LinkTo("hank", clientOwned: 100)));

        var link = away.Find("carol", "hank")!;
        Assert.Equal((600, true, false, false), (link.ClientOwned.Available, link.IsStale, link.IsUsable, link.IsLit));

        // What it spent meanwhile did not travel just now.
        Assert.False(back.Find("carol", "hank")!.IsLit);
        Assert.True(back.Find("carol", "hank")!.IsUsable);
    }

    [Fact]
    public void A_link_to_a_hub_that_is_down_cannot_be_used_though_its_client_has_not_noticed()
    {
        var network = Build(null, Down("hank"), AnswerOf("carol", LinkTo("hank"), LinkTo("helen")));

        Assert.False(network.Find("carol", "hank")!.IsUsable);
        Assert.True(network.Find("carol", "helen")!.IsUsable);
    }

    [Fact]
    public void A_node_is_as_it_is_since_it_changed()
    {
        var first = Build(null, Ready("hank"));
        var second = Build(first, Ready("hank"));
        var third = Build(second, Down("hank"));

        Assert.Equal(Start, second.Find("hank")!.Since);
        Assert.Equal(third.TakenAt, third.Find("hank")!.Since);
        Assert.Equal("It does not answer.", third.Find("hank")!.Reason);
    }

    [Fact]
    public void A_hub_that_clients_accuse_is_suspect_and_an_alarm()
    {
        var network = Build(null, Ready("hank"), Ready("helen"), AnswerOf("conny", LinkTo("hank", suspect: true)), AnswerOf("carol", LinkTo("hank", suspect: true)));

        Assert.Equal(["carol", "conny"], network.Find("hank")!.SuspectedBy);
        Assert.False(network.Find("helen")!.IsSuspect);
        var alarm = Assert.Single(network.Alarms);
        Assert.Equal(("hank", false), (alarm.Node, alarm.IsGrave));
    }

    [Fact]
    public void A_hub_that_someone_else_runs_is_known_from_its_clients()
    {
        var network = Build(null, AnswerOf("carol", LinkTo("hank"), LinkTo("elsewhere")), AnswerOf("conny", LinkTo("elsewhere", suspect: true)));

        var hub = network.Find("elsewhere")!;
        Assert.Equal((NodeKind.Hub, NodeHealth.Unknown, "run by someone else"), (hub.Kind, hub.Health, hub.Condition));
        Assert.Null(hub.Node);
        Assert.Equal(["conny"], hub.SuspectedBy);
        Assert.Equal(2, network.LinksOf("elsewhere").Count());
    }

    [Fact]
    public void Too_few_hubs_are_the_gravest_alarm()
    {
        var network = Build(null, Down("hank"), Ready("helen"), AnswerOf("carol", LinkTo("hank"), LinkTo("helen", mismatch: true)));

        Assert.Equal([true, false], network.Alarms.Select(alarm => alarm.IsGrave));
        Assert.Equal("1 of 2 hubs are up, and a key takes 2: no keys can be made.", network.Alarms[0].Text);
        Assert.Equal("carol", network.Alarms[1].Node);
    }
}
