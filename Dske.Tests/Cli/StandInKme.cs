using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Cli;

/// <summary>Answers as a KME does, what it is told to.</summary>
internal sealed class StandInKme : IAsyncDisposable
{
    private readonly WebApplication _server;

    private StandInKme(WebApplication server) => _server = server;

    /// <summary>What was asked and by whom: <c>sam /client/carol/…</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the next request gets.</summary>
    public (int Status, string Body) Answer { get; set; }

    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<StandInKme> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var kme = new StandInKme(builder.Build());
        kme._server.Run(async context =>
        {
            kme.Requests.Add($"{context.Request.Headers.Authorization} {context.Request.Path.Value}{context.Request.QueryString}");
            context.Response.StatusCode = kme.Answer.Status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(kme.Answer.Body);
        });
        await kme._server.StartAsync(TestContext.Current.CancellationToken);
        return kme;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
