using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;

namespace Dske.ServiceDefaults.Routing;

/// <summary>How a route departs from the node's limit on request bodies.</summary>
public static class RequestBodyConventions
{
    /// <summary>Sets the greatest request body of these routes; a larger one is answered with 413.</summary>
    /// <param name="builder">The route or group.</param>
    /// <param name="bytes">The limit in bytes, at least 0.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public static TBuilder MaxRequestBody<TBuilder>(this TBuilder builder, long bytes)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return builder.WithMetadata(new RequestSizeLimit(bytes));
    }

    private sealed record RequestSizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
