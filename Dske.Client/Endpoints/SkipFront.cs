using Dske.Client.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Dske.Client.Endpoints;

/// <summary>
/// The port for a front that terminates TLS-PSK (<see cref="SkipOptions.FrontPort"/>). Such a front knows nothing of paths, and its callers are
/// on this machine for all that the node can see: without a port of its own they would reach everything that is for this machine.
/// </summary>
internal static partial class SkipFront
{
    /// <summary>Has that port answer 404 to everything but SKIP, and warns when the node does not listen on it.</summary>
    public static void UseSkipFront(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            var options = context.RequestServices.GetRequiredService<IOptions<ClientOptions>>().Value.Skip;
            if (options.FrontPort != context.Connection.LocalPort || SkipPaths.Contain(context.Request.Path))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.Lifetime.ApplicationStarted.Register(() => WarnOfMissingPort(app.Services));
    }

    /// <summary>Whether a port is among those of some addresses.</summary>
    /// <param name="port">The port.</param>
    /// <param name="addresses">Addresses that a server listens on.</param>
    public static bool IsAmong(int port, IEnumerable<string> addresses)
        => addresses.Select(BindingAddress.Parse).Any(address => address is { IsUnixPipe: false, IsNamedPipe: false } && address.Port == port);

    /// <summary>Whether SKIP is served. Read like this since routes are mapped before settings are checked; one that is no boolean is reported then.</summary>
    public static bool IsSkipEnabled(this IConfiguration configuration)
        => !bool.TryParse(configuration[$"{ClientOptions.Section}:{nameof(ClientOptions.Skip)}:{nameof(SkipOptions.Enabled)}"], out var enabled) || enabled;

    // Only a server that runs knows which ports it has. The front's calls would fail, or reach a port with everything on it if somebody mends that there.
    private static void WarnOfMissingPort(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ClientOptions>>().Value.Skip;
        var addresses = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (options is { Enabled: true, FrontPort: { } port } && !IsAmong(port, addresses))
        {
            LogMissingPort(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SkipFront).FullName!), port, string.Join(' ', addresses));
        }
    }

    [LoggerMessage(
        2221, LogLevel.Warning, "Dske:Client:Skip:FrontPort is {Port}, but the node does not listen there (it does on {Addresses}): add that port to Urls, on a loopback address")]
    private static partial void LogMissingPort(ILogger logger, int port, string addresses);
}
