using System.Text.Json;
using Dske.Benchmarks.Load;
using Dske.Benchmarks.Nodes;
using Dske.Protocol.Identifiers;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class LoadReportTests
{
    private static readonly LoadPlan Plan = new()
    {
        Routes = [new KeyRoute(SaeId.Parse("sam"), new Uri("http://localhost:1"), SaeId.Parse("sofia"), new Uri("http://localhost:2"))],
        Number = 2,
    };

    [Fact]
    public void A_report_is_one_line_of_json()
    {
        var json = Report(Tally(pairs: 4), Node("hank", "hub", cpu: 4), Node("helen", "hub", cpu: 8), Node("carol", "client", cpu: 2)).ToJson();

        Assert.DoesNotContain('\n', json);
        var report = JsonElement.Parse(json);
        Assert.Equal("sam:sofia", report.GetProperty("routes")[0].GetString());
        Assert.Equal(2, report.GetProperty("pairs_per_second").GetDouble());
        Assert.Equal(10, report.GetProperty("latency_ms").GetProperty("p99").GetDouble());
        Assert.Equal(3, report.GetProperty("cpu_ms_per_pair").GetProperty("hub").GetDouble());
        Assert.Equal(3.5, report.GetProperty("cpu_ms_per_pair").GetProperty("nodes").GetDouble());
        Assert.Equal(1.5, report.GetProperty("nodes")[0].GetProperty("rss_mib").GetDouble());
        Assert.False(report.TryGetProperty("nodes_missing", out _));
    }

    [Fact]
    public void Without_pairs_there_is_no_latency_and_no_cpu_for_each()
    {
        var report = Report(new LoadTally());

        Assert.Null(report.LatencyMs);
        Assert.Null(report.CpuMsPerPair);
        using var table = new StringWriter();
        LoadTable.Write(report, table);
        Assert.Contains("no pair was made", table.ToString(), StringComparison.Ordinal);
        Assert.Contains("CPU and memory of nodes are not measured: nobody asked", table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_exit_code_tells_wrong_keys_from_none_and_from_errors()
    {
        var unequal = Tally(pairs: 2);
        unequal.AddUnequal(1);
        var errors = Tally(pairs: 2);
        errors.AddError("enc_keys 503");

        Assert.Equal(LoadCommand.UnequalKeys, LoadCommand.ExitCodeOf(Report(unequal), failOnError: false));
        Assert.Equal(LoadCommand.Errors, LoadCommand.ExitCodeOf(Report(new LoadTally()), failOnError: false));
        Assert.Equal(LoadCommand.Success, LoadCommand.ExitCodeOf(Report(errors), failOnError: false));
        Assert.Equal(LoadCommand.Errors, LoadCommand.ExitCodeOf(Report(errors), failOnError: true));
        Assert.Equal(LoadCommand.Success, LoadCommand.ExitCodeOf(Report(Tally(pairs: 2)), failOnError: true));
    }

    private static LoadTally Tally(int pairs)
    {
        var tally = new LoadTally();
        tally.AddExchange(pairs, TimeSpan.FromMilliseconds(10));
        return tally;
    }

    private static LoadReport Report(LoadTally tally, params NodeUsage[] nodes) => LoadReport.Of(
        Plan, new LoadResult(TimeSpan.FromSeconds(2), tally, TimeSpan.FromMilliseconds(1), 0, nodes), nodes.Length == 0 ? "nobody asked" : null);

    private static NodeUsage Node(string name, string type, int cpu) =>
        new(new NodeProcess(name, type, 1), TimeSpan.FromMilliseconds(cpu), 3 * 1024 * 1024 / 2, 0);
}
