using Dske.Console;
using Dske.Console.Access;
using Dske.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Console;

/// <summary>The console as far as the gate before its pages goes, with a page of the test's, on a loopback port that the system chooses.</summary>
internal sealed class ConsoleNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsoleNode(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddServiceDefaults(options => options.ServePages(builder.Configuration));
        builder.AddPages();
        builder.AddNetwork();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UsePageAccess();
        app.MapDefaultEndpoints();
        app.MapLogin();
        app.MapGet("/", () => "the page");
        app.MapMethods("/_blazor", ["GET", "POST"], () => "live");
        app.MapPost("/v1/traces", () => "taken");
        return app;
    }

    public static async Task<ConsoleNode> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = Build(settings);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ConsoleNode(app);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
