using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Processes;

namespace Dske.Tests.Distributed;

/// <summary>
/// The network of topology.yaml as real processes, started once by the AppHost for all tests of the collection, which run one after
/// another. Tests that break something mend it.
/// </summary>
public class NetworkFixture : IAsyncLifetime
{
    public const string Collection = "A network of processes";

    /// <summary>How long a test may take before it counts as hanging, in milliseconds.</summary>
    public const int TestTimeout = 120_000;

    public static readonly string[] Hubs = ["hank", "helen", "hilary", "holly", "hugo"];

    public static readonly string[] Clients = ["carol", "celia", "cindy", "conny", "curtis"];

    public static readonly string[] Encryptors = ["sam", "serena", "sofia", "sunny", "susan"];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private DistributedApplication? _application;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The network has not started.");

    public string DataDirectory => Path.Combine(Root, "data");

    /// <summary>A directory that is gone when the fixture is.</summary>
    protected string Root => _directory.FullName;

    /// <summary>Further options of the AppHost.</summary>
    protected virtual IReadOnlyList<string> Options => [];

    public static IEnumerable<string> Nodes => [.. Hubs, .. Clients, .. Encryptors];

    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var topology = Path.Combine(AppContext.BaseDirectory, "topology.yaml");
        // Nodes have the machine to themselves here; the console has tests of its own.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Dske_AppHost>(
            ["--topology", topology, "--data", DataDirectory, "--no-console", .. Options], timeout.Token);
        Configure(builder);
        _application = await builder.BuildAsync(timeout.Token);
        await _application.StartAsync(timeout.Token);
        await WaitUntilHealthyAsync(Nodes, timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes the network before it starts.</summary>
    protected virtual void Configure(IDistributedApplicationTestingBuilder builder)
    {
    }

    public Task WaitUntilHealthyAsync(IEnumerable<string> nodes, CancellationToken cancellationToken) =>
        Task.WhenAll(nodes.Select(node => Application.ResourceNotifications.WaitForResourceHealthyAsync(node, cancellationToken)));

    public int ProcessIdOf(string node)
    {
        Assert.True(Application.ResourceNotifications.TryGetCurrentState(node, out var current));
        var processId = Assert.Single(current!.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        return Convert.ToInt32(processId, CultureInfo.InvariantCulture);
    }

    public async Task StopAsync(string node, CancellationToken cancellationToken)
    {
        var result = await Application.ResourceCommands.ExecuteCommandAsync(node, KnownResourceCommands.StopCommand, cancellationToken);
        Assert.True(result.Success, result.ErrorMessage);
    }

    /// <summary>Starts a node that has ended, and waits until its process is there.</summary>
    public async Task BeginStartAsync(string node, CancellationToken cancellationToken)
    {
        var result = await Application.ResourceCommands.ExecuteCommandAsync(node, KnownResourceCommands.StartCommand, cancellationToken);
        Assert.True(result.Success, result.ErrorMessage);
        await Application.ResourceNotifications.WaitForResourceAsync(node, KnownResourceStates.Running, cancellationToken);
    }

    /// <summary>Starts a node that has ended, and waits until it is healthy.</summary>
    public async Task StartAsync(string node, CancellationToken cancellationToken)
    {
        await BeginStartAsync(node, cancellationToken);
        await Application.ResourceNotifications.WaitForResourceHealthyAsync(node, cancellationToken);
    }

    /// <summary>Kills nodes that run, all at once, and waits until they have ended.</summary>
    public async Task KillAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        foreach (var processId in nodes.Select(ProcessIdOf).ToList())
        {
            Signal.Kill(processId);
        }

        await Task.WhenAll(nodes.Select(node => WaitUntilEndedAsync(node, cancellationToken)));
    }

    /// <summary>Waits until the process of a node has ended.</summary>
    public Task WaitUntilEndedAsync(string node, CancellationToken cancellationToken) =>
        Application.ResourceNotifications.WaitForResourceAsync(node, KnownResourceStates.TerminalStates, cancellationToken);

    /// <summary>Has one encryptor establish a key with another.</summary>
    public async Task<HttpResponseMessage> PostKeysAsync(string encryptor, string peer, CancellationToken cancellationToken)
    {
        using var client = Application.CreateHttpClient(encryptor);
        var request = new Dictionary<string, string> { ["peer"] = peer };
        return await client.PostAsJsonAsync($"/encryptor/{encryptor}/api/v1/keys", request, cancellationToken);
    }

    /// <summary>Has one encryptor establish a key with another, and checks that both proved to hold the same one.</summary>
    public async Task<JsonElement> EstablishAsync(string encryptor, string peer, CancellationToken cancellationToken)
    {
        using var answer = await PostKeysAsync(encryptor, peer, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{encryptor} → {peer}: {(int)answer.StatusCode} {body}");
        var result = JsonElement.Parse(body);
        Assert.True(result.GetProperty("confirmed").GetBoolean(), body);
        return result;
    }

    /// <summary>
    /// Has one encryptor establish a key with another, again and again until it works. Clients notice within seconds that hubs have lost
    /// their memory; until then there may be too few hubs (503), or hubs that do not know the peer yet (400).
    /// </summary>
    public async Task EstablishEventuallyAsync(string encryptor, string peer, CancellationToken cancellationToken)
    {
        while (true)
        {
            using (var answer = await PostKeysAsync(encryptor, peer, cancellationToken))
            {
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadRequest]);
            }

            await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The management status of a hub or a client.</summary>
    public async Task<JsonElement> GetStatusAsync(string node, CancellationToken cancellationToken)
    {
        using var client = Application.CreateHttpClient(node);
        var kind = Hubs.Contains(node) ? "hub" : "client";
        return await client.GetFromJsonAsync<JsonElement>($"/{kind}/{node}/mgmt/v1/status", cancellationToken);
    }

    /// <summary>Waits until every client can use every hub.</summary>
    public async Task WaitUntilLinkedAsync(CancellationToken cancellationToken)
    {
        foreach (var client in Clients)
        {
            while (!(await GetStatusAsync(client, cancellationToken)).GetProperty("peer_hubs").EnumerateArray().All(hub => hub.GetProperty("usable").GetBoolean()))
            {
                await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Asks a client for keys, as an SAE does.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> GetKeysAsync(string client, string sae, string request, CancellationToken cancellationToken)
    {
        using var http = Application.CreateHttpClient(client);
        using var message = new HttpRequestMessage(HttpMethod.Get, $"/client/{client}/etsi/api/v1/keys/{request}");
        message.Headers.TryAddWithoutValidation("Authorization", sae);
        using var answer = await http.SendAsync(message, cancellationToken);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)));
    }

    /// <summary>Starts what has ended and waits until all is well again.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        var ended = Nodes.Where(node => Application.ResourceNotifications.TryGetCurrentState(node, out var current)
            && KnownResourceStates.TerminalStates.Contains(current!.Snapshot.State?.Text));
        await Task.WhenAll(ended.ToList().Select(node => StartAsync(node, cancellationToken)));
        await WaitUntilHealthyAsync(Nodes, cancellationToken);

        // Each client finds out by itself which hubs lost their memory: that one pair agrees says nothing about another.
        await Task.WhenAll(
            from first in Encryptors
            from second in Encryptors
            where first != second
            select EstablishEventuallyAsync(first, second, cancellationToken));
    }
}
