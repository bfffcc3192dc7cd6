using Dske.ServiceDefaults.ApiPages;
using Microsoft.AspNetCore.Builder;

namespace Dske.ServiceDefaults.Routing;

/// <summary>Path parameters that handlers read with <see cref="RouteGuard.GetRouteText"/> rather than bind.</summary>
public static class PathParameterConventions
{
    /// <summary>Says in the API document what a path parameter is.</summary>
    /// <param name="builder">The route or group, with <c>{parameter}</c> in its pattern.</param>
    /// <param name="parameter">The name of the parameter.</param>
    /// <param name="text">What it is.</param>
    /// <param name="example">What to fill in to try the route.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TBuilder DescribePathParameter<TBuilder>(this TBuilder builder, string parameter, string text, string example)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(example);
        return builder.WithMetadata(new PathParameterDescription(parameter, text, _ => example));
    }
}
