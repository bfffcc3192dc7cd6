using System.Text.Json;
using Dske.Cli;

namespace Dske.Tests.Cli;

/// <summary>Starting and stopping nodes of a network that runs, and looking at one.</summary>
[Trait("Tier", "Unit")]
public sealed class NodeCommandTests : IAsyncLifetime
{
    private const string Client =
        """
        {"name":"carol","encryptor_names":["sam"],"ready":true,"threshold":2,"peer_hubs":[
          {"hub_name":"hank","share_index":0,"registered":true,"usable":true,"dialect":"native","network_mismatch":false,"set_back":true,"suspect":true,"waiting":0,
           "local_pool":{"owner":"local","blocks":[{"uuid":"bc490419-7d60-487f-adc1-4ddcc177c139","size":4096,"nr_used_bytes":1024,"nr_unused_bytes":3072}]},
           "peer_pool":{"owner":"peer","blocks":[{"uuid":"bc490419-7d60-487f-adc1-4ddcc177c138","size":4096,"nr_used_bytes":0,"nr_unused_bytes":4096}]}},
          {"hub_name":"helen","share_index":1,"registered":false,"usable":false,"dialect":null,"network_mismatch":false,"set_back":false,"suspect":false,"waiting":0,
           "local_pool":{"owner":"local","blocks":[]},"peer_pool":{"owner":"peer","blocks":[]}}]}
        """;

    private readonly CommandRun _run = new(Networks.Small);
    private StandInAppHost _host = null!;

    public async ValueTask InitializeAsync() => _host = (await StandInAppHost.StartAsync(_run.PathOf(".dske")))
        .Add("hank", "hub", """{"name":"hank","peer_clients":[],"shares":[],"rejected":{}}""")
        .Add("helen", "hub", runs: false)
        .Add("carol", "client", Client)
        .Add("sam", "encryptor", """{"keys":[{"key_ID":"1"},{"key_ID":"2"}]}""");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _run.Dispose();
    }

    [Fact]
    public async Task The_table_tells_links_random_data_keys_and_suspects()
    {
        Assert.Equal(ExitCode.Unhealthy, await _run.RunAsync("status"));

        string[][] rows = [.. _run.Output.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(["hank", "hub", "healthy", "0/0", "-", "0", "-"], rows[0][..7]);
        Assert.Equal(["helen", "hub", "stopped", "-", "-", "-", "-"], rows[1][..7]);
        Assert.Equal(["carol", "client", "healthy", "1/2", "0", "B", "-", "hank"], rows[2][..8]);
        Assert.Equal(["sam", "encryptor", "healthy", "-", "-", "2", "-"], rows[3][..7]);
    }

    [Fact]
    public async Task One_node_is_shown_link_by_link()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("status", "carol"));

        Assert.Contains("hank     yes     native   3.0 KiB   4.0 KiB      suspect, set back\n", _run.Output, StringComparison.Ordinal);
        Assert.Contains("helen    no      -        0 B       0 B          -\n", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_all_of_it_as_JSON()
    {
        Assert.Equal(ExitCode.Unhealthy, await _run.RunAsync("status", "--json"));

        var carol = JsonElement.Parse(_run.Output)[2];
        Assert.Equal(0, carol.GetProperty("psrd_left").GetInt64());
        Assert.Equal("hank", carol.GetProperty("suspects")[0].GetString());
        Assert.Equal("set back", carol.GetProperty("links")[0].GetProperty("alarms")[0].GetString());
    }

    [Fact]
    public async Task Where_nobody_looks_there_is_no_colour_and_where_it_is_not_wanted_neither()
    {
        await _run.RunAsync("status");
        Assert.DoesNotContain('\e', _run.Output);

        using var terminal = new CommandRun(Networks.Small) { IsTerminal = true };
        await terminal.RunAsync("topology", "check");
        Assert.DoesNotContain("\e[3", terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_are_named_are_stopped_and_started()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("stop", "--hub", "hank", "--client", "carol", "--hub", "hank"));
        Assert.Contains("hank   hub     stopped", _run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await _run.RunAsync("start", "--hub", "helen", "--client", "carol", "--json"));
        Assert.Equal(ExitCode.Success, await _run.RunAsync("restart", "--encryptor", "sam"));

        Assert.Equal(["restart sam", "start carol", "start helen", "stop carol", "stop hank"], _host.Requests.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ExitCode.WrongState, "hank runs already. Nothing was started.", "start", "--hub", "helen", "--hub", "hank")]
    [InlineData(ExitCode.WrongState, "helen does not run. Nothing was stopped.", "stop", "--hub", "hank", "--hub", "helen")]
    [InlineData(ExitCode.BadInput, "There is no hub 'harry'. There are: hank, helen.", "stop", "--hub", "hank", "--hub", "harry")]
    [InlineData(ExitCode.BadInput, "'carol' is not a hub: use --client carol.", "restart", "--hub", "carol")]
    [InlineData(ExitCode.BadInput, "There is no node 'harry'. There are: hank, helen, carol, sam.", "status", "harry")]
    [InlineData(ExitCode.WrongState, "A network runs on", "start")]
    public async Task What_the_network_does_not_allow_is_said_in_a_line_and_nothing_is_done(ExitCode expected, string said, params string[] arguments)
    {
        Assert.StartsWith(said, await _run.FailAsync(expected, arguments), StringComparison.Ordinal);
        Assert.Empty(_host.Requests);
    }

    [Fact]
    public async Task A_node_that_does_not_become_healthy_costs_the_time_that_was_allowed()
    {
        _host.Add("conny", "client", health: "Unhealthy", runs: false);

        Assert.Equal(ExitCode.TimedOut, await _run.RunAsync("start", "--client", "conny", "--timeout", "0.01"));

        Assert.Contains("Not healthy within 0 s: conny.", _run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_on_ends_by_Ctrl_C_without_a_complaint()
    {
        using var stop = new CancellationTokenSource();
        var watching = _run.RunUntilAsync(stop.Token, "status", "--watch", "--json");
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Success, await watching);
        Assert.Empty(_run.Errors);
    }

    [Fact]
    public async Task The_whole_network_ends_when_it_lets_go_of_its_directory()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("stop"));

        Assert.Equal(["stop"], _host.Requests);
        Assert.Contains("The network has ended.", _run.Output, StringComparison.Ordinal);
        Assert.StartsWith("No network runs on", await _run.FailAsync(ExitCode.WrongState, "stop"), StringComparison.Ordinal);
    }
}
