using Dske.ServiceDefaults.ApiPages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Dske.ServiceDefaults.Routing;

/// <summary>Checks that stand before everything a route does, binding of its parameters and reading of its body included.</summary>
public static class RouteGuard
{
    private const string EncodedSlash = "%2F";

    /// <summary>Refuses the requests that <paramref name="check"/> finds something wrong with.</summary>
    /// <param name="builder">The route or group. Guards of an outer group stand before those of an inner one.</param>
    /// <param name="check">What is wrong with a request, or null. Its <see cref="ProblemDetails.Status"/> is set.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="check"/> is null.</exception>
    public static TBuilder Guard<TBuilder>(this TBuilder builder, Func<HttpContext, ProblemDetails?> check)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(check);

        // Finally runs after the handler's own delegate is in place, the conventions of inner groups before those of outer ones.
        builder.Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException("A guard needs a route that does something.");
            endpoint.RequestDelegate = context => check(context) is { } refusal
                ? TypedResults.Problem(refusal).ExecuteAsync(context)
                : next(context);
        });
        return builder;
    }

    /// <summary>
    /// Answers 404 where the path names another node than this one. Nodes have their name in the path, so that one front can serve many.
    /// </summary>
    /// <param name="builder">The route or group, with <c>{parameter}</c> in its pattern.</param>
    /// <param name="parameter">The route parameter that holds the name.</param>
    /// <param name="name">This node's name, asked for at the first request.</param>
    /// <param name="problemType">The type of the problem.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TBuilder ServesOnly<TBuilder>(
        this TBuilder builder,
        string parameter,
        Func<IServiceProvider, string> name,
        string problemType)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(problemType);
        return builder
            .WithMetadata(new PathParameterDescription(parameter, "The name of this node.", name))
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Guard(context =>
            {
                var own = name(context.RequestServices);
                return context.GetRouteText(parameter) == own ? null : new ProblemDetails
                {
                    Status = StatusCodes.Status404NotFound,
                    Type = problemType,
                    Detail = $"The path names another node. This one is '{own}'.",
                };
            });
    }

    /// <summary>
    /// The text of a route parameter. A slash in it, which the server leaves encoded lest it divide the path, is decoded like the rest.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="parameter">The name of the parameter.</param>
    /// <returns>The text; empty when there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static string GetRouteText(this HttpContext context, string parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        var text = context.Request.RouteValues[parameter] as string ?? string.Empty;
        return text.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase) ? Decode(text, context) : text;
    }

    /// <summary>
    /// Tells an encoded slash from a name that has the same three characters in it (<c>%252F</c> in the path): the server has made one of
    /// both, the path as it came has not.
    /// </summary>
    private static string Decode(string text, HttpContext context)
    {
        var path = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0] ?? string.Empty;
        var segment = Array.Find(path.Split('/'), segment => Uri.UnescapeDataString(
            segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)) == text);
        return segment is null ? text.Replace(EncodedSlash, "/", StringComparison.OrdinalIgnoreCase) : Uri.UnescapeDataString(segment);
    }
}
