using System.Net;
using Dske.Protocol.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.AppHost.Control;

/// <summary>
/// Serves <see cref="ResourceControlApi"/> on a free port of loopback while the network runs, and says where in <see cref="ControlFile"/>.
/// </summary>
internal sealed class ResourceControl : IHostedService, IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    private const int MaxRequestLength = 1024;

    private readonly DataDirectory _directory;
    private readonly ControlToken _token = ControlToken.Draw(SystemEntropySource.Instance);
    private readonly WebApplication _server;

    public ResourceControl(
        IEnumerable<NetworkNode> nodes,
        ResourceNotificationService notifications,
        ResourceCommandService commands,
        DataDirectory directory,
        IHostApplicationLifetime lifetime)
    {
        _directory = directory;

        // Empty: the configuration of the AppHost, ASPNETCORE_URLS for one, is not that of this server.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestLength;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRoutingCore().AddProblemDetails();
        builder.Services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ResourceControlJson.Default));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        _server = builder.Build();
        _server.UseStatusCodePages();
        _server.UseRouting();
        new ResourceControlApi(nodes, notifications, commands, _token, lifetime).Map(_server);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(cancellationToken);
        ControlFile.Write(_directory.Path, new Uri(_server.Urls.Single()), _token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ControlFile.Delete(_directory.Path);
        await _server.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        ((IDisposable)_server).Dispose();
        _token.Dispose();
    }
}
