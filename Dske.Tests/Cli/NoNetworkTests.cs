using Dske.Cli;
using Dske.Cli.Network;
using Dske.Cli.Terminals;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Cli;

/// <summary>What commands say where no network runs, or one that cannot be asked.</summary>
[Trait("Tier", "Unit")]
public sealed class NoNetworkTests : IDisposable
{
    private readonly CommandRun _run = new(Networks.Small);

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("stop")]
    [InlineData("restart")]
    [InlineData("stop", "--hub", "hank")]
    [InlineData("start", "--hub", "hank")]
    public async Task Where_no_network_runs_that_is_said_in_a_line(params string[] arguments)
    {
        Assert.Equal(
            $"No network runs on {_run.PathOf(".dske")}: dske start brings one up.", await _run.FailAsync(ExitCode.WrongState, arguments));
    }

    [Fact]
    public async Task An_AppHost_that_breaks_down_is_no_network_in_the_wrong_state()
    {
        _run.Write(Path.Combine("broken", "Dske.AppHost.dll"), "no program");

        Assert.Equal(ExitCode.Failed, await _run.RunAsync("start", "--apphost", "broken"));
        Assert.False(File.Exists(_run.PathOf(Path.Combine(".dske", "control.json"))));
    }

    [Fact]
    public async Task A_network_that_was_killed_does_not_run()
    {
        _run.Write(".dske/dske-network.lock", "");
        _run.Write(".dske/control.json", """{"address":"http://127.0.0.1:1","token":"0","process_id":1}""");

        Assert.StartsWith("No network runs on", await _run.FailAsync(ExitCode.WrongState, "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_starts_or_stops_is_told_from_one_that_does_not_run()
    {
        using var marker = Hold();

        Assert.Contains("is starting or stopping", await _run.FailAsync(ExitCode.WrongState, "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_does_not_answer_is_unreachable()
    {
        using var marker = Hold();
        Control("""{"address":"http://127.0.0.1:1","token":"0","process_id":1}""");

        Assert.EndsWith("does not answer.", await _run.FailAsync(ExitCode.Unreachable, "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_others_can_read_is_not_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no modes there.");
        using var marker = Hold();
        var file = Control("""{"address":"http://127.0.0.1:1","token":"0","process_id":1}""");
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
#pragma warning restore CA1416

        Assert.Contains("is open to others", await _run.FailAsync(ExitCode.Failed, "status"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"address":"nowhere","token":"0","process_id":1}""")]
    [InlineData("""{"address":"ftp://127.0.0.1:1","token":"0","process_id":1}""")]
    [InlineData("""{"address":"http://198.51.100.7:8100","token":"0","process_id":1}""")]
    [InlineData("""{"address":"http://127.0.0.1:1","token":"0","process_id":"x"}""")]
    public async Task A_control_file_of_something_else_is_said_to_be_that(string content)
    {
        using var marker = Hold();
        Control(content);

        Assert.EndsWith("is not what an AppHost writes.", await _run.FailAsync(ExitCode.Failed, "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_are_of_networks_that_have_run_in_the_background()
    {
        Assert.StartsWith("No network has run on", await _run.FailAsync(ExitCode.WrongState, "logs"), StringComparison.Ordinal);
        Assert.StartsWith("There is no node 'harry'", await _run.FailAsync(ExitCode.BadInput, "logs", "harry"), StringComparison.Ordinal);

        _run.Write(".dske/network.log", "up\nhank  | one\nhank  | two\n");
        Assert.Equal(ExitCode.Success, await _run.RunAsync("logs", "hank", "--lines", "1", "--follow"));
        Assert.Equal("two\n", _run.Output);
        Assert.Equal(ExitCode.Success, await _run.RunAsync("logs", "hank", "--json"));
        Assert.Equal("\"one\"\n\"two\"\n", _run.Output);
    }

    [Fact]
    public async Task A_start_that_cannot_be_is_said_before_anything_is_started()
    {
        Assert.EndsWith(
            "is no AppHost: name Dske.AppHost.dll, or a directory that holds it.",
            await _run.FailAsync(ExitCode.BadInput, "start", "--apphost", "nowhere"),
            StringComparison.Ordinal);
        _run.Variables["DSKE_APPHOST"] = "elsewhere";
        Assert.StartsWith(_run.PathOf("elsewhere"), await _run.FailAsync(ExitCode.BadInput, "start"), StringComparison.Ordinal);
        Assert.Contains("cannot be read", await _run.FailAsync(ExitCode.BadInput, "start", "--topology", "missing.yaml"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run.PathOf(".dske")));
    }

    [Fact]
    public void Options_go_to_the_AppHost_as_it_knows_them()
    {
        var context = new CommandContext
        {
            Terminal = new Terminal(Stream.Null, Stream.Null),
            Time = TimeProvider.System,
            Entropy = SystemEntropySource.Instance,
            Directory = _run.Folder,
            Variable = _ => null,
        };
        var settings = new LaunchSettings { Tls = true, OutOfBand = OutOfBandMode.Open, NoConsole = true, Fresh = true, Verbose = true };

        string[] arguments = [.. settings.ToArguments(new NetworkFiles(context, null, "data"))];

        Assert.True(Dske.AppHost.Launch.CommandLine.TryParse(arguments, out var options, out var problem), problem);
        Assert.Equal((_run.PathOf("topology.yaml"), _run.PathOf("data"), _run.PathOf("data/network.log")), (options.Topology, options.Data, options.Background));
        Assert.True(options.Tls && options.NoConsole && options.Fresh && options.Verbose);
        Assert.Equal(OutOfBandMode.Open, options.OutOfBand);
    }

    private FileStream Hold()
    {
        var file = _run.Write(".dske/dske-network.lock", "");
        return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private string Control(string content)
    {
        var file = _run.PathOf(".dske/control.json");
        OwnerOnlyFile.WriteLine(file, System.Text.Encoding.UTF8.GetBytes(content));
        return file;
    }
}
