using System.Net;
using System.Text.Json;
using Dske.Protocol.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Cli;

/// <summary>
/// Answers as an AppHost does, for nodes that are entries in a list. It is there as long as it holds the data directory, and serves the management
/// routes of its nodes, too.
/// </summary>
internal sealed class StandInAppHost : IAsyncDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly WebApplication _server;
    private readonly FileStream _marker;
    private readonly Dictionary<string, Node> _nodes = [];

    private StandInAppHost(WebApplication server, FileStream marker) => (_server, _marker) = (server, marker);

    /// <summary>The requests that changed something, as <c>stop hank</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Where it and its nodes are.</summary>
    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<StandInAppHost> StartAsync(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var marker = new FileStream(Path.Combine(dataDirectory, "dske-network.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var host = new StandInAppHost(server, marker);
        host.Map();
        await server.StartAsync(TestContext.Current.CancellationToken);
        var control = $$"""{"address":"{{host.Url}}","token":"{{Token}}","process_id":{{Environment.ProcessId}}}""";
        OwnerOnlyFile.WriteLine(Path.Combine(dataDirectory, "control.json"), System.Text.Encoding.UTF8.GetBytes(control));
        return host;
    }

    /// <summary>Adds a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="report">What it answers about itself, as JSON; null for nothing.</param>
    /// <param name="health">How it is once it runs.</param>
    /// <param name="runs">Whether it runs.</param>
    /// <param name="url">Where it is; null for where this one is.</param>
    public StandInAppHost Add(string name, string kind, string? report = null, string health = "Healthy", bool runs = true, Uri? url = null)
    {
        _nodes.Add(name, new Node(name, kind, report, health) { Runs = runs, Url = url });
        return this;
    }

    /// <summary>Says from now on that a node is somewhere else.</summary>
    public void Move(string name, Uri url) => _nodes[name].Url = url;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _marker.DisposeAsync();
    }

    private void Map()
    {
        _server.Use((context, next) =>
        {
            if (!context.Request.Path.Value!.Contains("/v1/", StringComparison.Ordinal) && context.Request.Headers.Authorization != $"Bearer {Token}")
            {
                context.Response.StatusCode = 401;
                return Task.CompletedTask;
            }

            return next(context);
        });
        _server.MapGet("/resources", () => Text($"[{string.Join(",", _nodes.Values.Select(Describe))}]"));
        _server.MapPost("/resources/{name}/{verb}", (string name, string verb) =>
        {
            lock (Requests)
            {
                Requests.Add($"{verb} {name}");
                _nodes[name].Runs = verb != "stop";
                return Text(Describe(_nodes[name]));
            }
        });
        _server.MapPost("/stop", () =>
        {
            Requests.Add("stop");
            _marker.Dispose();
            return Results.Accepted();
        });
        _server.MapGet("/{kind}/{name}/{**rest}", (string name) =>
            _nodes.Values.FirstOrDefault(node => node.Answers(name))?.Report is { } report ? Text(report) : Results.NotFound());
    }

    private static IResult Text(string json) => Results.Text(json, "application/json");

    private string Describe(Node node) => JsonSerializer.Serialize(new
    {
        name = node.Name,
        kind = node.Kind,
        url = node.Url?.GetLeftPart(UriPartial.Authority) ?? Url,
        state = node.Runs ? "Running" : "Finished",
        health = node.Runs ? node.Health : null,
        exit_code = node.Runs ? (int?)null : 0,
    });

    private sealed record Node(string Name, string Kind, string? Report, string Health)
    {
        public bool Runs { get; set; }

        public Uri? Url { get; set; }

        public bool Answers(string name) => Name == name || (Kind == "encryptor" && name is "sam" or "Büro 1");
    }
}
