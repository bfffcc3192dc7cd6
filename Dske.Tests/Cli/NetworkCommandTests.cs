using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dske.AppHost.Launch;
using Dske.Cli;
using Dske.Cli.CommandLine;
using Dske.Tests.Distributed;
using Dske.Tests.Processes;

namespace Dske.Tests.Cli;

/// <summary>The command as users run it, and a real network.</summary>
[Trait("Tier", "Distributed")]
[Collection(AppHostProcess.Name)]
public sealed class NetworkCommandTests : IDisposable
{
    // Below the ports that the system hands out to whoever asks for a free one.
    private const int BasePort = 24200;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public NetworkCommandTests() => File.WriteAllText(
        Path.Combine(_directory.FullName, "topology.yaml"),
        $$"""
        hubs: [{name: hank}, {name: helen}, {name: hugo}]
        threshold: 2
        base_port: {{BasePort}}
        clients:
          - {name: carol, encryptors: [{name: sam}]}
          - {name: conny, encryptors: [{name: sofia}]}
        """);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string DataDirectory => Path.Combine(_directory.FullName, ".dske");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = 2 * NetworkFixture.TestTimeout)]
    public async Task A_network_is_brought_up_looked_at_used_mended_and_ended()
    {
        Assert.SkipWhen(Orchestrator.IsAspire, "Aspire needs its dashboard outside tests.");
        try
        {
            var started = await SucceedAsync("start", "--json");
            Assert.All(started.GetProperty("nodes").EnumerateArray(), node => Assert.Equal("Healthy", node.GetProperty("health").GetString()));
            Assert.StartsWith("dske: A network runs on", await FailAsync(ExitCode.WrongState, "start"), StringComparison.Ordinal);

            Assert.All(await StatusAsync(), node => Assert.Equal("Healthy", node.GetProperty("health").GetString()));
            Assert.True((await SucceedAsync("etsi-qkd", "sam", "sofia", "get-key-pair", "--number", "3", "--json")).GetProperty("equal").GetBoolean());

            await RunAsync("stop", "--hub", "hank");
            Assert.Equal("Finished", (await StatusAsync(ExitCode.Unhealthy))[0].GetProperty("state").GetString());
            Assert.StartsWith("dske: hank does not run.", await FailAsync(ExitCode.WrongState, "stop", "--hub", "hank"), StringComparison.Ordinal);
            Assert.True((await SucceedAsync("establish", "sam", "sofia", "--json")).GetProperty("confirmed").GetBoolean());

            await SucceedAsync("start", "--hub", "hank", "--json");
            await SucceedAsync("restart", "--client", "carol", "--json");
            Assert.Equal(1, (await StatusAsync()).Single(node => node.GetProperty("name").GetString() == "sofia").GetProperty("keys").GetInt32());
            Assert.Contains("The network is up", (await RunAsync("logs")).Output, StringComparison.Ordinal);

            await SucceedAsync("stop", "--json");
            Assert.False(File.Exists(Path.Combine(DataDirectory, "control.json")));
            for (var port = BasePort; port < BasePort + 7; port++)
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
            }

            Assert.StartsWith("dske: No network runs", await FailAsync(ExitCode.WrongState, "stop"), StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("stop");
        }
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_port_that_is_taken_is_told_with_the_node_that_needs_it_and_nothing_runs()
    {
        Assert.SkipWhen(Orchestrator.IsAspire, "Aspire needs its dashboard outside tests.");
        using var taken = new TcpListener(IPAddress.Loopback, BasePort + 1);
        taken.Start();

        Assert.Contains($"Port {BasePort + 1}, which helen is to listen on, is taken", await FailAsync(ExitCode.WrongState, "start"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(DataDirectory));
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Ctrl_C_during_the_start_leaves_nothing_running()
    {
        Assert.SkipWhen(Orchestrator.IsAspire || OperatingSystem.IsWindows(), "Aspire needs its dashboard outside tests; Windows has no such signal.");
        using var command = Start("start", "--tls");
        while (!File.Exists(Path.Combine(DataDirectory, "control.json")))
        {
            Assert.False(command.HasExited);
            await Task.Yield();
        }

        Signal.Interrupt(command.Id);
        var output = await command.StandardOutput.ReadToEndAsync(Cancellation);
        await command.WaitForExitAsync(Cancellation);

        Assert.Equal((int)ExitCode.Cancelled, command.ExitCode);
        Assert.Empty(output);
        Assert.StartsWith("dske: No network runs", await FailAsync(ExitCode.WrongState, "status"), StringComparison.Ordinal);
    }

    private async Task<JsonElement[]> StatusAsync(ExitCode expected = ExitCode.Success)
    {
        var (code, output, errors) = await RunAsync("status", "--json");
        Assert.True(code == expected, errors);
        return [.. JsonElement.Parse(output).EnumerateArray()];
    }

    private async Task<JsonElement> SucceedAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.True(code == ExitCode.Success, $"{string.Join(' ', arguments)}: {code}, {errors}");
        return JsonElement.Parse(output);
    }

    private async Task<string> FailAsync(ExitCode expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code}, {errors}");
        Assert.Empty(output);
        return errors.TrimEnd().Split('\n')[^1];
    }

    private async Task<(ExitCode Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        var errors = command.StandardError.ReadToEndAsync(Cancellation);
        var output = await command.StandardOutput.ReadToEndAsync(Cancellation);
        await command.WaitForExitAsync(Cancellation);
        return ((ExitCode)command.ExitCode, output, await errors);
    }

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(DskeCommand).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = _directory.FullName,
    })!;
}
