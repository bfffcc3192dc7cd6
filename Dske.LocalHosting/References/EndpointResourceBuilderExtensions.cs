namespace Dske.LocalHosting;

/// <summary>Gives resources endpoints to listen on and URLs to show.</summary>
public static class EndpointResourceBuilderExtensions
{
    /// <summary>Adds an HTTP endpoint on loopback. The process listens on the port itself: there is no proxy here.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">
    /// The port; null for a free one. Under test a free one takes its place, unless <paramref name="isProxied"/> is false.
    /// </param>
    /// <param name="name">The name; null for <c>http</c>.</param>
    /// <param name="env">
    /// The environment variable that tells the process this port, which is then no part of <c>ASPNETCORE_URLS</c>; null for a part of it.
    /// </param>
    /// <param name="isProxied">False when the port must be this one, under test too.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">The resource has an endpoint of this name.</exception>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints => builder.WithEndpoint(Uri.UriSchemeHttp, port, name, env, isProxied);

    /// <summary>Adds an HTTPS endpoint on loopback. Where the process has its certificate from is the process's business.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">
    /// The port; null for a free one. Under test a free one takes its place, unless <paramref name="isProxied"/> is false.
    /// </param>
    /// <param name="name">The name; null for <c>https</c>.</param>
    /// <param name="isProxied">False when the port must be this one, under test too.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">The resource has an endpoint of this name.</exception>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, string? name = null, bool isProxied = true)
        where T : IResourceWithEndpoints => builder.WithEndpoint(Uri.UriSchemeHttps, port, name, env: null, isProxied);

    /// <summary>Refers to an endpoint, which may be added later.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name of the endpoint.</param>
    /// <returns>The reference.</returns>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return new EndpointReference(builder.Resource, name);
    }

    /// <summary>Changes how the URL of an endpoint is shown, once it is known.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">The name of the endpoint.</param>
    /// <param name="callback">Changes the URL or its text.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointName);
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithAnnotation(new UrlCallbackAnnotation(endpointName, callback));
    }

    private static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string scheme, int? port, string? name, string? env, bool isProxied)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= scheme;
        return new EndpointReference(builder.Resource, name).Exists
            ? throw new DistributedApplicationException(
                $"The resource '{builder.Resource.Name}' already has an endpoint '{name}': each needs a name of its own.")
            : builder.WithAnnotation(new EndpointAnnotation(name, scheme, port, isProxied, env));
    }
}
