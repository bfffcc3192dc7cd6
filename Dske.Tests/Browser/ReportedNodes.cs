using System.Globalization;
using Dske.Protocol.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Browser;

/// <summary>
/// The reports of 16 hubs and of 100 clients with an encryptor each, from one server: 216 processes are more than a machine for tests runs.
/// One hub does not answer, another is suspect to a client, one client has a link without random data.
/// </summary>
internal sealed class ReportedNodes : IAsyncDisposable
{
    public const int HubCount = 16;

    public const int ClientCount = 100;

    /// <summary>The hub that client 3 suspects.</summary>
    public const string SuspectHub = "hub-07";

    /// <summary>The hub that does not answer.</summary>
    public const string DownHub = "hub-16";

    /// <summary>The client whose link to the first hub has no random data left.</summary>
    public const string DryClient = "client-042";

    private const long Full = 262_144;

    // Where nobody listens: the port is reserved for that (RFC 863, discard).
    private const string Nowhere = "http://127.0.0.1:9";

    private static readonly Guid Block = new("3f0a1c52-6d14-4b2f-9a51-0c9b0de1f7aa");

    private readonly WebApplication _app;

    // Of a busy network: each client spends something with every tenth answer, another one each time.
    private int _asked;

    private ReportedNodes(WebApplication app) => _app = app;

    public static IEnumerable<string> Hubs => Enumerable.Range(1, HubCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"hub-{i:00}"));

    public static IEnumerable<string> Clients => Enumerable.Range(1, ClientCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"client-{i:000}"));

    /// <summary>The settings of a console that looks at them.</summary>
    public IEnumerable<(string Key, string Value)> Settings
    {
        get
        {
            var url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return Hubs.Select(hub => (Name: hub, Kind: "Hub", Url: hub == DownHub ? Nowhere : url, Client: ""))
                .Concat(Clients.Select(client => (Name: client, Kind: "Client", Url: url, Client: "")))
                .Concat(Clients.Select(client => (Name: client.Replace("client", "sae", StringComparison.Ordinal), Kind: "Encryptor", Url: url, Client: client)))
                .SelectMany((node, i) => new[] { ("Name", node.Name), ("Kind", node.Kind), ("Url", node.Url), ("Client", node.Client) }
                    .Where(setting => setting.Item2.Length > 0)
                    .Select(setting => (string.Create(CultureInfo.InvariantCulture, $"Dske__Console__Nodes__{i}__{setting.Item1}"), setting.Item2)));
        }
    }

    public static async Task<ReportedNodes> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var nodes = new ReportedNodes(app);
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/hub/{name}/mgmt/v1/status", (string name) => Results.Json(ReportOfHub(name), ManagementJsonContext.Default.HubReport));
        app.MapGet("/client/{name}/mgmt/v1/status", (string name) => Results.Json(nodes.ReportOfClient(name), ManagementJsonContext.Default.ClientReport));
        await app.StartAsync(cancellationToken);
        return nodes;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static HubReport ReportOfHub(string name) => new()
    {
        Name = name,
        PeerClients = [.. Clients.Select(client => new PeerClientReport
        {
            ClientName = client,
            EncryptorNames = [client.Replace("client", "sae", StringComparison.Ordinal)],
            Native = true,
            NetworkMismatch = false,
            SetBack = false,
            LocalPool = PoolOf("local", Full),
            PeerPool = PoolOf("peer", Full),
        })],
        Shares = [],
        Rejected = new Dictionary<string, long>(),
    };

    private ClientReport ReportOfClient(string name)
    {
        const int Pause = 10;
        var number = int.Parse(name.AsSpan(name.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var spent = ((Interlocked.Increment(ref _asked) / ClientCount) + number) / Pause % 1000;
        return new ClientReport
        {
            Name = name,
            EncryptorNames = [name.Replace("client", "sae", StringComparison.Ordinal)],
            Ready = true,
            Threshold = 3,
            PeerHubs = [.. Hubs.Select((hub, index) => ReportOfLink(name, hub, index, spent))],
        };
    }

    private static PeerHubReport ReportOfLink(string client, string hub, int index, int spent) => new()
    {
        HubName = hub,
        ShareIndex = index,
        Registered = true,
        Usable = hub != DownHub,
        Dialect = "native",
        NetworkMismatch = false,
        SetBack = false,
        Suspect = hub == SuspectHub && client == "client-003",
        Waiting = 0,
        LocalPool = PoolOf("local", client == DryClient && index == 0 ? 0 : Full - (spent * 64)),
        PeerPool = PoolOf("peer", Full),
    };

    private static PoolReport PoolOf(string owner, long unused) => new()
    {
        Owner = owner,
        Blocks = [new BlockReport { Uuid = Block, Size = Full, UsedBytes = Full - unused, UnusedBytes = unused, Pending = false }],
    };
}
