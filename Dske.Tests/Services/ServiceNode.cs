using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services;

/// <summary>A node as it is, on a loopback port that the system chooses: real sockets, since some routes ask who calls.</summary>
/// <typeparam name="TMarker">A type of the node's assembly.</typeparam>
internal abstract class ServiceNode<TMarker> : WebApplicationFactory<TMarker>
    where TMarker : class
{
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly TimeProvider? _time;

    /// <param name="settings">The configuration.</param>
    /// <param name="time">The clock; the system's when null.</param>
    protected ServiceNode(IReadOnlyDictionary<string, string?> settings, TimeProvider? time)
    {
        (_settings, _time) = (settings, time);
        UseKestrel();
    }

    public NodeLog Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public Uri Url => Client.BaseAddress!;

    /// <summary>Where the node's own name stands in its paths: for instance <c>/hub/hank</c>.</summary>
    public abstract string Root { get; }

    /// <summary>The management status as text, without the counts of what was refused: what a refusal must leave as it was.</summary>
    public async Task<string> GetStatusTextAsync()
    {
        var status = JsonNode.Parse(await Client.GetStringAsync($"{Root}/mgmt/v1/status", TestContext.Current.CancellationToken))!.AsObject();
        status.Remove("rejected");
        return status.ToJsonString();
    }

    /// <summary>The management status.</summary>
    public Task<JsonElement> GetStatusAsync() => Client.GetFromJsonAsync<JsonElement>($"{Root}/mgmt/v1/status", TestContext.Current.CancellationToken);

    protected void Listen()
    {
        StartServer();
        Client = CreateClient();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls(_settings.ContainsKey("Dske:Tls:CertificateFile") ? "https://127.0.0.1:0" : "http://127.0.0.1:0");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        // All that nodes by themselves do not log at every level.
        foreach (var category in (string[])
        [
            "Default", "Microsoft.AspNetCore", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Http",
            "Microsoft.Extensions.ServiceDiscovery", "Polly", "System.Net.Http",
        ])
        {
            builder.UseSetting($"Logging:LogLevel:{category}", nameof(LogLevel.Trace));
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services =>
        {
            if (_time is not null)
            {
                services.Replace(ServiceDescriptor.Singleton(_time));
            }

            ConfigureServices(services);
        });
    }

    /// <summary>Changes the node's services.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    protected override void Dispose(bool disposing)
    {
        Client?.Dispose();
        base.Dispose(disposing);
        Log.Dispose();
    }
}
