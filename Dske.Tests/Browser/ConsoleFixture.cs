using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Processes;
using Microsoft.Playwright;

namespace Dske.Tests.Browser;

/// <summary>A small network of processes with its console, and one browser, for all tests of the collection. Tests that break something mend it.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    public const string Collection = "The console in a browser";

    /// <summary>How long a test may take before it counts as hanging, in milliseconds.</summary>
    public const int TestTimeout = 120_000;

    public static readonly string[] Hubs = ["hank", "helen", "hilary"];

    public static readonly string[] Clients = ["carol", "conny"];

    public static readonly string[] Encryptors = ["sam", "sofia"];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private DistributedApplication? _application;
    private BrowserProcess? _browser;

    public static IEnumerable<string> Nodes => [.. Hubs, .. Clients, .. Encryptors];

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The network has not started.");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } browser)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(StartTimeout);
        var topology = Path.Combine(_directory.FullName, "topology.yaml");
        await File.WriteAllTextAsync(
            topology,
            $$$"""
            hubs: [{name: hank}, {name: helen}, {name: hilary}]
            threshold: 2
            clients:
              - name: carol
                encryptors: [{name: sam, sinks: [{name: psk, peer: sofia, interval: 3600, file: "{{{KeyFileOf("sam")}}}"}]}]
              - name: conny
                encryptors: [{name: sofia, sinks: [{name: psk, peer: sam, file: "{{{KeyFileOf("sofia")}}}"}]}]
            """,
            timeout.Token);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Dske_AppHost>(
            ["--topology", topology, "--data", Path.Combine(_directory.FullName, "data")], timeout.Token);
        _application = await builder.BuildAsync(timeout.Token);
        await _application.StartAsync(timeout.Token);
        await Task.WhenAll(Nodes.Append("console").Select(node => _application.ResourceNotifications.WaitForResourceHealthyAsync(node, timeout.Token)));
        await Task.WhenAll(Clients.Select(client => UntilAllLinksAreUsableAsync(client, timeout.Token)));
        _browser = await BrowserProcess.StartAsync(browser);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>Opens a page of the console, and waits until it is live. The test is skipped where there is no browser.</summary>
    /// <param name="path">The page.</param>
    /// <param name="width">The width of the screen.</param>
    /// <param name="height">The height of the screen.</param>
    /// <param name="colors">What the system prefers.</param>
    public async Task<ConsolePage> OpenAsync(string path = "/", int width = 1280, int height = 800, ColorScheme colors = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, Chromium.Missing);
        return await _browser!.OpenAsync(Application.GetEndpoint("console", "http"), path, width, height, colors);
    }

    /// <summary>Where an encryptor writes the keys of its key sink.</summary>
    public string KeyFileOf(string encryptor) => Path.Combine(_directory.FullName, encryptor + ".key");

    public int ProcessIdOf(string node)
    {
        Assert.True(Application.ResourceNotifications.TryGetCurrentState(node, out var current));
        var processId = Assert.Single(current!.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        return Convert.ToInt32(processId, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Starts a node that was stopped, or the console, and waits until it is healthy. What runs is left alone. It has a time limit of its own: what a test
    /// broke is mended also when the test's time is over.
    /// </summary>
    public async Task StartAsync(string node)
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var result = await Application.ResourceCommands.ExecuteCommandAsync(node, KnownResourceCommands.StartCommand, timeout.Token);
        Assert.True(result.Success, result.ErrorMessage);
        await Application.ResourceNotifications.WaitForResourceHealthyAsync(node, timeout.Token);
    }

    /// <summary>Waits until a node is another process than it was.</summary>
    public async Task UntilAnotherProcessAsync(string node, int before, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!IsAnother())
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        // Between two processes there is none.
        bool IsAnother() => Application.ResourceNotifications.TryGetCurrentState(node, out var current)
            && current.Snapshot.State?.Text == KnownResourceStates.Running
            && current.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } processId
            && Convert.ToInt32(processId, CultureInfo.InvariantCulture) != before;
    }

    /// <summary>Kills a node, or the console, and waits until its process has ended.</summary>
    public async Task KillAsync(string node, CancellationToken cancellationToken)
    {
        Signal.Kill(ProcessIdOf(node));
        await Application.ResourceNotifications.WaitForResourceAsync(node, KnownResourceStates.TerminalStates, cancellationToken);
    }

    /// <summary>Has sam establish a key with sofia. The test is skipped where there is no browser.</summary>
    /// <returns>The key's ID.</returns>
    public async Task<string> EstablishAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(_browser is null, Chromium.Missing);
        using var client = Application.CreateHttpClient("sam");
        using var answer = await client.PostAsJsonAsync(
            "/encryptor/sam/api/v1/keys", new Dictionary<string, string> { ["peer"] = "sofia" }, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("keys")[0].GetProperty("key_ID").GetString()!;
    }

    /// <summary>A client is ready with enough hubs; tests count on all of them.</summary>
    public async Task UntilAllLinksAreUsableAsync(string client, CancellationToken cancellationToken)
    {
        using var http = Application.CreateHttpClient(client);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var status = await http.GetFromJsonAsync<JsonElement>($"/client/{client}/mgmt/v1/status", cancellationToken);
            if (status.GetProperty("peer_hubs").EnumerateArray().Count(hub => hub.GetProperty("usable").GetBoolean()) == Hubs.Length)
            {
                return;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }
}
