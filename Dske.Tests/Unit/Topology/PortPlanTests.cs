using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.Topology;

[Trait("Tier", "Unit")]
public sealed class PortPlanTests
{
    [Fact]
    public void The_well_known_network_has_its_well_known_ports()
    {
        Assert.True(TopologyFile.TryLoad(Path.Combine(AppContext.BaseDirectory, "topology.yaml"), out var topology, out _));

        var plan = PortPlan.For(topology);

        Assert.Equal(
            "hank 8100, helen 8101, hilary 8102, holly 8103, hugo 8104, carol 8105, celia 8106, cindy 8107, conny 8108, curtis 8109, "
            + "sam 8110, serena 8111, sofia 8112, sunny 8113, susan 8114",
            string.Join(", ", plan.Ports.OrderBy(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Equal((8120, 8121), (plan.ConsoleHttpPort, plan.ConsoleGrpcPort));
    }

    [Fact]
    public void Nodes_of_someone_else_take_no_port_and_leave_no_gap()
    {
        var plan = PortPlan.For(TopologyFileTests.Parse("""
            hubs: [{name: a}, {name: b, url: "http://b/"}, {name: c}]
            clients:
              - {name: d, url: "http://d/", encryptors: [{name: s}]}
              - {name: e, encryptors: [{name: t}]}
            base_port: 9000
            """));

        Assert.Equal(
            [("a", 9000), ("c", 9001), ("e", 9002), ("t", 9003)],
            plan.Ports.OrderBy(pair => pair.Value).Select(pair => (pair.Key.Value, pair.Value)));
        Assert.False(plan.TryGetPort(NodeName.Parse("b"), out _));
        Assert.False(plan.TryGetPort(NodeName.Parse("s"), out _));
        Assert.Throws<ArgumentException>(() => plan.PortOf(NodeName.Parse("d")));
        Assert.Equal(9003, plan.PortOf(NodeName.Parse("t")));
    }

    [Theory]
    [InlineData(20, 8120)]
    [InlineData(21, 8121)]
    [InlineData(40, 8140)]
    public void The_console_moves_above_the_last_node(int nodes, int consolePort)
    {
        var plan = PortPlan.For(WithNodes(nodes, 8100));

        Assert.Equal((consolePort, consolePort + 1), (plan.ConsoleHttpPort, plan.ConsoleGrpcPort));
        Assert.Equal(8100 + nodes - 1, plan.Ports.Values.Max());
    }

    [Theory]
    [InlineData(15, 65514)]
    [InlineData(30, 65504)]
    public void The_last_port_is_65535(int nodes, int highestBasePort)
    {
        Assert.Equal(65535, PortPlan.For(WithNodes(nodes, highestBasePort)).ConsoleGrpcPort);
        Assert.Throws<ArgumentException>(() => PortPlan.For(WithNodes(nodes, highestBasePort + 1)));
    }

    [Fact]
    public void A_topology_made_in_code_with_a_name_twice_is_refused()
    {
        var hub = new HubDefinition { Name = NodeName.Parse("a") };

        Assert.Throws<ArgumentException>(() => PortPlan.For(new NetworkTopology { Hubs = [hub, hub], Clients = [] }));
    }

    private static NetworkTopology WithNodes(int count, int basePort) => new()
    {
        Hubs = [.. Enumerable.Range(0, 2).Select(i => new HubDefinition { Name = NodeName.Parse($"h{i}") })],
        Clients = [.. Enumerable.Range(2, count - 2).Select(i => new ClientDefinition { Name = NodeName.Parse($"c{i}") })],
        BasePort = basePort,
    };
}
