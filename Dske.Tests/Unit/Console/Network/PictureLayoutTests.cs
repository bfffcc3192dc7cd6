using Dske.Console.Network;
using Dske.Console.Network.Picture;
using static Dske.Tests.Unit.Console.Network.Readings;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class PictureLayoutTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 5, 2)]
    [InlineData(8, 12, 3)]
    [InlineData(2, 12, 0)]
    [InlineData(8, 1, 6)]
    public void Nothing_overlaps_and_links_end_at_their_nodes(int hubs, int clients, int encryptorsEach)
    {
        var network = Make(hubs, clients, encryptorsEach);
        var layout = new PictureLayout(network);

        var boxes = network.Nodes.Select(node => layout.Of(node.Name)).ToList();
        foreach (var (index, box) in boxes.Index())
        {
            Assert.InRange(box.Y, 0, layout.Height - box.Height);
            Assert.InRange(box.X, 0, PictureLayout.Width - box.Width);
            Assert.All(boxes.Skip(index + 1), other => Assert.True(
                box.Right <= other.X || other.Right <= box.X || box.Y + box.Height <= other.Y || other.Y + other.Height <= box.Y, $"{box} {other}"));
        }

        foreach (var client in network.Clients.Select(client => client.Name))
        {
            var ports = network.Hubs.Select(hub => layout.PortOfClient(client, hub.Name)).ToList();
            Assert.Equal(ports.Order().Distinct(), ports);
            Assert.All(ports, port => Assert.InRange(port, layout.Of(client).Y, layout.Of(client).Y + layout.Of(client).Height));
        }

        Assert.All(network.Hubs, hub => Assert.All(network.Clients, client => Assert.InRange(
            layout.PortOfHub(client.Name, hub.Name), layout.Of(hub.Name).Y, layout.Of(hub.Name).Y + layout.Of(hub.Name).Height)));
    }

    [Fact]
    public void A_layout_is_good_until_nodes_come_or_go()
    {
        Assert.Equal(PictureLayout.ShapeOf(Make(2, 2, 1)), PictureLayout.ShapeOf(Make(2, 2, 1)));
        Assert.NotEqual(PictureLayout.ShapeOf(Make(2, 2, 1)), PictureLayout.ShapeOf(Make(3, 2, 1)));
    }

    [Fact]
    public void A_link_looks_different_when_its_gauge_has_moved_or_it_is_lit()
    {
        LinkLook LookOf(NetworkSnapshot network) => LinkLook.Of("carol", "hank", network.Find("carol", "hank"), Settings, 44, isDimmed: false);
        var full = Build(null, AnswerOf("carol", LinkTo("hank")));
        var same = Build(full, AnswerOf("carol", LinkTo("hank")));
        var low = Build(same, AnswerOf("carol", LinkTo("hank", hubOwned: 200)));

        Assert.Equal(LookOf(full), LookOf(same));
        Assert.Equal(("44", null, "8.8", "low"), (LookOf(low).ClientFill, LookOf(low).ClientTone, LookOf(low).HubFill, LookOf(low).HubTone));
        Assert.True(LookOf(low).IsLit);
        Assert.Equal("unknown", LookOf(Build(low, Down("carol"))).Condition);
        Assert.Equal("unusable", LookOf(Build(full, AnswerOf("carol", LinkTo("hank", usable: false)))).Condition);
        Assert.Equal("suspect", LookOf(Build(full, AnswerOf("carol", LinkTo("hank", suspect: true)))).Condition);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(262144, "256 KiB")]
    [InlineData(5 * 1024 * 1024, "5 MiB")]
    public void Amounts_have_a_unit_that_fits(long bytes, string expected) => Assert.Equal(expected, Size.Of(bytes));

    private static NetworkSnapshot Make(int hubs, int clients, int encryptorsEach)
    {
        var nodes = new List<MonitoredNode>();
        nodes.AddRange(Enumerable.Range(0, hubs).Select(i => new MonitoredNode($"hub{i}", NodeKind.Hub, new Uri("http://localhost:1"))));
        nodes.AddRange(Enumerable.Range(0, clients).Select(i => new MonitoredNode($"client{i}", NodeKind.Client, new Uri("http://localhost:1"))));
        nodes.AddRange(
            from client in Enumerable.Range(0, clients)
            from i in Enumerable.Range(0, encryptorsEach)
            select new MonitoredNode($"sae{client}-{i}", NodeKind.Encryptor, new Uri("http://localhost:1"), "sae", $"client{client}"));
        return SnapshotBuilder.Build(Settings with { Nodes = nodes }, null, new Dictionary<string, NodeReading>(), Start);
    }
}
