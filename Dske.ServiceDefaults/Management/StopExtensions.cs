using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.ServiceDefaults.Management;

/// <summary>How a node is stopped by a request.</summary>
public static class StopExtensions
{
    /// <summary>Stops the node as soon as the answer to this request is sent: the caller is sure to get it.</summary>
    /// <param name="context">The request that asks for it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static void StopNodeOnceAnswered(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        context.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
    }
}
