using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Services.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Tls;

/// <summary>A node with nothing but the service defaults that serves over TLS as <c>Dske:Tls</c> has it: routes tell who calls.</summary>
internal sealed class TlsNode : IAsyncDisposable
{
    private readonly TestNode _node;

    private TlsNode(TestNode node, NodeLog log) => (_node, Log) = (node, log);

    public NodeLog Log { get; }

    public IServiceProvider Services => _node.App.Services;

    public Uri Url => _node.Client.BaseAddress!;

    public TlsMaterials Materials => Services.GetRequiredService<TlsMaterials>();

    public static async Task<TlsNode> StartAsync(
        (string Key, string Value)[] settings, TimeProvider? time = null, string url = "https://127.0.0.1:0", Action<IServiceCollection>? services = null)
    {
        var log = new NodeLog();
        var node = await TestNode.StartAsync(
            app =>
            {
                app.MapGet("/caller", (HttpContext context) =>
                    context.GetTlsCaller() is { } caller ? caller.TryGetSaeId(out var saeId, out var problem) ? saeId.Value : problem : "not over TLS");
                app.MapGet("/local", () => "done").LocalOnly();
                app.MapGet("/loopback", () => "done").LoopbackOnly();
                app.MapPost("/operator", () => "done").OperatorOnly();
            },
            builder =>
            {
                builder.WebHost.UseUrls(url);
                builder.Logging.AddProvider(log);
                services?.Invoke(builder.Services);
                if (time is not null)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton(time));
                }
            },
            settings: settings);
        return new TlsNode(node, log);
    }

    /// <summary>Makes a client that trusts an authority and shows a certificate, or none.</summary>
    public HttpClient Connect(X509Certificate2Collection authorities, X509Certificate2? certificate) =>
        new(MutualTls.CreateHandler(certificate, authorities)) { BaseAddress = Url };

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Log.Dispose();
    }
}
