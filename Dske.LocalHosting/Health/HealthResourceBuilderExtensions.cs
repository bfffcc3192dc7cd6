namespace Dske.LocalHosting;

/// <summary>Gives resources health checks.</summary>
public static class HealthResourceBuilderExtensions
{
    /// <summary>Makes the resource healthy only while a GET request is answered as expected.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path; null for <c>/</c>.</param>
    /// <param name="statusCode">The status that means healthy; null for 200.</param>
    /// <param name="endpointName">The endpoint to ask; null for <c>http</c>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">The resource has no such endpoint.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(endpointName ?? Uri.UriSchemeHttp);
        return endpoint.Exists
            ? builder.WithAnnotation(new HttpHealthCheckAnnotation(endpoint, path ?? "/", statusCode ?? 200))
            : throw new DistributedApplicationException(
                $"The resource '{builder.Resource.Name}' has no endpoint '{endpoint.EndpointName}' for a health check.");
    }
}
