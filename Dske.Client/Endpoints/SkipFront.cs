using Dske.Client.Hosting;
using Microsoft.Extensions.Options;

namespace Dske.Client.Endpoints;

/// <summary>
/// The port for a front that terminates TLS-PSK (<see cref="SkipOptions.FrontPort"/>). Such a front knows nothing of paths, and its callers are
/// on this machine for all that the node can see: without a port of its own they would reach everything that is for this machine.
/// </summary>
internal static class SkipFront
{
    /// <summary>Has that port answer 404 to everything but SKIP.</summary>
    public static void UseSkipFront(this WebApplication app) => app.Use(static (context, next) =>
    {
        var options = context.RequestServices.GetRequiredService<IOptions<ClientOptions>>().Value.Skip;
        if (options.FrontPort != context.Connection.LocalPort || SkipPaths.Contain(context.Request.Path))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Whether SKIP is served. Read like this since routes are mapped before settings are checked; one that is no boolean is reported then.</summary>
    public static bool IsSkipEnabled(this IConfiguration configuration)
        => !bool.TryParse(configuration[$"{ClientOptions.Section}:{nameof(ClientOptions.Skip)}:{nameof(SkipOptions.Enabled)}"], out var enabled) || enabled;
}
