using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dske.AppHost.Launch;
using Dske.Tests.Processes;

namespace Dske.Tests.Distributed;

/// <summary>The AppHost as users run it: a process of its own, with ports of its own choosing.</summary>
[Trait("Tier", "Distributed")]
[Collection(AppHostProcess.Name)]
public sealed partial class AppHostProcessTests : IDisposable
{
    // Below the ports that the system hands out to whoever asks for a free one.
    private const int BasePort = 24100;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task The_command_that_it_prints_establishes_a_key_and_Ctrl_C_ends_everything()
    {
        Assert.SkipWhen(Orchestrator.IsAspire, "Aspire needs its dashboard outside tests.");
        using var appHost = Start();
        var (url, body) = await ReadExampleAsync(appHost);

        using var client = new HttpClient();
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await client.PostAsync(url, content, Cancellation);
        var result = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.True(result.GetProperty("confirmed").GetBoolean());

        Signal.Interrupt(appHost.Id);
        await appHost.StandardOutput.ReadToEndAsync(Cancellation);
        await appHost.WaitForExitAsync(Cancellation);

        Assert.Equal(0, appHost.ExitCode);
        Assert.False(File.Exists(Path.Combine(_directory.FullName, ".dske", "control.json")));
        for (var port = BasePort; port < BasePort + 6; port++)
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
        }
    }

    private Process Start()
    {
        var topology = Path.Combine(_directory.FullName, "topology.yaml");
        File.WriteAllText(
            topology,
            $$"""
            hubs: [{name: hank}, {name: helen}]
            threshold: 2
            base_port: {{BasePort}}
            clients:
              - {name: carol, encryptors: [{name: sam}]}
              - {name: conny, encryptors: [{name: sofia, sae_id: "Sofia's"}]}
            """);
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(Orchestrator).Assembly.Location, "--topology", topology])
        {
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<(Uri Url, string Body)> ReadExampleAsync(Process appHost)
    {
        while (await appHost.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (Example().Match(line) is { Success: true } example)
            {
                return (new Uri(example.Groups["url"].Value), example.Groups["body"].Value.Replace(@"'\''", "'", StringComparison.Ordinal));
            }
        }

        throw new InvalidOperationException($"The AppHost ended with exit code {appHost.ExitCode} before its network was up.");
    }

    [GeneratedRegex("^  curl -X POST (?<url>\\S+) -H 'Content-Type: application/json' -d '(?<body>.*)'$")]
    private static partial Regex Example();
}
