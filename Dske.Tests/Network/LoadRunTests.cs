using Dske.Benchmarks.Load;
using Dske.Benchmarks.Nodes;
using Dske.Protocol.Identifiers;

namespace Dske.Tests.Network;

/// <summary>The load generator against services with real sockets.</summary>
[Trait("Tier", "Network")]
public sealed class LoadRunTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public async Task Pairs_are_made_as_many_as_asked_for_and_are_equal(int number, bool posts)
    {
        await using var network = await LoopbackNetwork.StartAsync();
        var plan = PlanOf(network, "sam") with { Number = number, Concurrency = 2, Pairs = 6, AlwaysPosts = posts };

        var report = await RunAsync(plan);

        Assert.Equal((6, 0, 0), (report.Pairs, report.Unequal, report.ErrorCount));
        Assert.NotNull(report.LatencyMs);
    }

    [Fact]
    public async Task Refusals_are_counted_by_operation_and_status()
    {
        await using var network = await LoopbackNetwork.StartAsync();
        var plan = PlanOf(network, "nobody") with { Pairs = 2 };

        var report = await RunAsync(plan);

        Assert.Equal([new("enc_keys 401", 2)], report.Errors);
        Assert.Equal(LoadCommand.Errors, LoadCommand.ExitCodeOf(report, failOnError: false));
    }

    private static LoadPlan PlanOf(LoopbackNetwork network, string master) => new()
    {
        Routes = [new KeyRoute(SaeId.Parse(master), network.Carol.Url, SaeId.Parse("sofia"), network.Conny.Url)],
        Duration = LoadPlan.MaxDuration,
        WarmUp = TimeSpan.Zero,
    };

    private static async Task<LoadReport> RunAsync(LoadPlan plan)
    {
        var nodes = new NodeWatch([], "all are in this process");
        var result = await new LoadRun(plan, nodes, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return LoadReport.Of(plan, result, nodes.Absence);
    }
}
