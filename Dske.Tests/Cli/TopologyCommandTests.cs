using System.Text.Json;
using Dske.Cli;

namespace Dske.Tests.Cli;

[Trait("Tier", "Unit")]
public sealed class TopologyCommandTests : IDisposable
{
    private readonly CommandRun _run = new(Networks.Small);

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_file_in_order_is_told_node_by_node()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("topology", "check"));

        Assert.Contains("sofia  encryptor  Büro 1  conny   port 24305\n", _run.Output, StringComparison.Ordinal);
        Assert.Contains("A key takes 2 of 2 hubs.", _run.Output, StringComparison.Ordinal);
        Assert.Empty(_run.Errors);
    }

    [Fact]
    public async Task Programs_get_the_same_as_JSON()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("topology", "check", "topology.yaml", "--json"));

        var summary = JsonElement.Parse(_run.Output);
        Assert.Equal(2, summary.GetProperty("threshold").GetInt32());
        Assert.Equal(["hank", "helen", "carol", "conny", "sam", "sofia"], summary.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()!));
        Assert.Contains("\"sae_id\":\"Büro 1\"", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_keys_go_and_what_is_run_is_told()
    {
        _run.Write(
            "sinks.yaml",
            """
            hubs: [{name: hank}, {name: helen}]
            threshold: 2
            clients:
              - {name: carol, encryptors: [{name: sam, sinks: [{name: wg0, peer: sofia, interval: 120, command: [/usr/bin/wg, set, wg0]}]}]}
              - {name: conny, encryptors: [{name: sofia, sinks: [{name: wg0, peer: sam, file: /run/wg0}]}]}
            """);

        Assert.Equal(ExitCode.Success, await _run.RunAsync("topology", "check", "sinks.yaml"));
        Assert.Contains("wg0       sam    sofia  120 s  runs /usr/bin/wg set wg0\n", _run.Output, StringComparison.Ordinal);
        Assert.Contains("wg0       sofia  sam    -      /run/wg0\n", _run.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Success, await _run.RunAsync("topology", "check", "sinks.yaml", "--json"));
        var sinks = JsonElement.Parse(_run.Output).GetProperty("sinks");
        Assert.Equal(["/usr/bin/wg", "set", "wg0"], sinks[0].GetProperty("command").EnumerateArray().Select(word => word.GetString()!));
        Assert.Equal(("sofia", "/run/wg0", JsonValueKind.Null), (sinks[1].GetProperty("encryptor").GetString(), sinks[1].GetProperty("file").GetString(), sinks[1].GetProperty("interval").ValueKind));
    }

    [Fact]
    public async Task Every_problem_is_told_with_its_line()
    {
        var file = _run.Write("bad.yaml", "hubs:\n  - name: hank\n  - name: hank\nthreshold: 9\nclients:\n  - nome: carol\n");

        Assert.Equal(ExitCode.BadInput, await _run.RunAsync("topology", "check", "bad.yaml"));

        Assert.Empty(_run.Output);
        var lines = _run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith($"dske: {file}(", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("(3,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("(6,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_bad_input()
    {
        Assert.Contains("cannot be read", await _run.FailAsync(ExitCode.BadInput, "topology", "check", "missing.yaml"), StringComparison.Ordinal);
    }
}
