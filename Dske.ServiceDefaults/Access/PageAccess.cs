using Dske.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.ServiceDefaults.Access;

/// <summary>For applications whose routes are pages rather than an API, so that no convention on a route guards them.</summary>
public static class PageAccess
{
    /// <summary>
    /// Refuses every request, with a 403 problem, whose <c>Host</c> is not this application, and those that a browser sends for another
    /// origin's page: with a method that may change state, or to a path that opens a live connection. A browser asks nobody before it
    /// connects a web socket across origins.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="live">The path of live connections.</param>
    /// <returns><paramref name="app"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    public static IApplicationBuilder UseOwnOriginOnly(this IApplicationBuilder app, PathString live)
    {
        ArgumentNullException.ThrowIfNull(app);
        var policy = app.ApplicationServices.GetRequiredService<AccessPolicy>();
        return app.Use((context, next) => FindProblem(policy, context.Request, live) is { } problem
            ? TypedResults.Problem(problem).ExecuteAsync(context)
            : next(context));
    }

    /// <summary>
    /// Whether the caller sits on this machine or comes through a front that is trusted (<see cref="AccessOptions.TrustFront"/>).
    /// </summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static bool IsFromThisMachine(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<AccessPolicy>().IsOnLoopback(context);
    }

    private static ProblemDetails? FindProblem(AccessPolicy policy, HttpRequest request, PathString live)
    {
        if (!policy.IsOwnHost(request))
        {
            return Refusal(
                ProblemTypes.ForeignHost,
                $"The Host header does not name this application. If it should, add the name to {AccessOptions.Section}:{nameof(AccessOptions.AllowedHosts)}.");
        }

        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return (reads && !request.Path.StartsWithSegments(live)) || AccessPolicy.IsOwnOrigin(request)
            ? null
            : Refusal(ProblemTypes.ForeignOrigin, "The request comes from a page of another origin.");
    }

    private static ProblemDetails Refusal(string type, string detail) => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Type = type,
        Detail = detail,
    };
}
