using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dske.AppHost.Launch;

namespace Dske.Tests.Unit.AppHost;

/// <summary>What keeps a network from starting is said before anything starts.</summary>
[Trait("Tier", "Unit")]
public sealed class AppHostProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Every_problem_of_the_topology_is_told_with_its_line()
    {
        var file = Write("hubs:\n  - name: hank\n  - name: hank\nthreshold: 9\nclients:\n  - nome: carol\n");

        var (exitCode, errors) = await RunAsync("--topology", file);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{file}(3,", errors, StringComparison.Ordinal);
        Assert.Contains($"{file}(4,", errors, StringComparison.Ordinal);
        Assert.Contains($"{file}(6,", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory.FullName, ".dske")));
    }

    [Fact]
    public async Task An_unknown_option_is_an_error()
    {
        var (exitCode, errors) = await RunAsync("--frsh");

        Assert.Equal((1, "Unknown option --frsh. --help lists them."), (exitCode, errors.Trim()));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_the_node_that_needs_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var basePort = (port - 1).ToString(CultureInfo.InvariantCulture);
        var file = Write($"hubs: [{{name: hank}}, {{name: helen}}]\nthreshold: 2\nclients: [{{name: carol}}]\nbase_port: {basePort}\n");

        var (exitCode, errors) = await RunAsync("--topology", file);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port}, which helen is to listen on, is taken", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory.FullName, ".dske")));
    }

    [Fact]
    public async Task A_data_directory_with_other_files_is_an_error()
    {
        // Ports below those that the system hands out to whoever asks for a free one.
        var file = Write("hubs: [{name: hank}, {name: helen}]\nthreshold: 2\nclients: [{name: carol}]\nbase_port: 23571\n");

        var (exitCode, errors) = await RunAsync("--data", _directory.FullName, "--topology", file);

        Assert.Equal(1, exitCode);
        Assert.Contains("holds files that are not of a network", errors, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = Path.Combine(_directory.FullName, "topology.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(params string[] args)
    {
        using var appHost = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(CommandLine).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = appHost.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await appHost.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await appHost.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (appHost.ExitCode, errors);
    }
}
