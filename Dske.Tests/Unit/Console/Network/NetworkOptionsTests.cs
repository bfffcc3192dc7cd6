using Dske.Console.Network;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class NetworkOptionsTests
{
    [Fact]
    public void Defaults_are_in_order()
    {
        Assert.Empty(NetworkOptions.FindProblems(new NetworkOptions()));
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_its_key()
    {
        var options = new NetworkOptions { Threshold = 17, RefillBelow = 5, RefillTo = 5, PollInterval = TimeSpan.FromMilliseconds(1) };
        options.Nodes.Add(new NodeOptions { Name = "sam", Kind = NodeKind.Encryptor, Url = new Uri("ftp://sam") });
        options.Nodes.Add(new NodeOptions { Name = "sam", Kind = NodeKind.Hub, Url = new Uri("http://sam") });
        options.Nodes.Add(new NodeOptions());

        Assert.Equal(
            ["Threshold", "RefillTo", "PollInterval", "Nodes:0:Url", "Nodes:0:Client", "Nodes:1:Name", "Nodes:2:Name", "Nodes:2:Kind", "Nodes:2:Url"],
            NetworkOptions.FindProblems(options).Select(problem => problem.Split(' ')[0]["Dske:Console:".Length..]));
    }

    [Fact]
    public void Nodes_know_where_they_are_asked()
    {
        var options = new NetworkOptions();
        options.Nodes.Add(new NodeOptions { Name = "hank", Kind = NodeKind.Hub, Url = new Uri("https://localhost:8100/x?y") });
        options.Nodes.Add(new NodeOptions { Name = "carol", Kind = NodeKind.Client, Url = new Uri("http://localhost:8105") });
        options.Nodes.Add(new NodeOptions { Name = "sam", Kind = NodeKind.Encryptor, Url = new Uri("http://localhost:8110"), Client = "carol" });

        var nodes = NetworkSettings.Of(options).Nodes;

        Assert.Equal(
            ["https://localhost:8100/hub/hank/mgmt/v1/status", "http://localhost:8105/client/carol/mgmt/v1/status", null],
            nodes.Select(node => node.StatusUrl?.AbsoluteUri));
        Assert.Equal("https://localhost:8100/health", nodes[0].HealthUrl.AbsoluteUri);
        Assert.Equal("https://localhost:8100/scalar", nodes[0].PageUrl.AbsoluteUri);
        Assert.Equal([null, null, "sam"], nodes.Select(node => node.SaeId));
    }
}
