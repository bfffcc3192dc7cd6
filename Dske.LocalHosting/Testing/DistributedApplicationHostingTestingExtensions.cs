using Microsoft.Extensions.DependencyInjection;

namespace Dske.LocalHosting.Testing;

/// <summary>Reaches the resources of an application under test.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>Makes an HTTP client whose base address is an endpoint of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; null for <c>http</c>, or <c>https</c> if there is no <c>http</c>.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = app.GetEndpoint(resourceName, endpointName);
        return client;
    }

    /// <summary>Gives the address of an endpoint of a resource.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; null for <c>http</c>, or <c>https</c> if there is no <c>http</c>.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException">There is no such resource or endpoint, or the application has not started.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        var resource = app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .SingleOrDefault(resource => string.Equals(resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no resource '{resourceName}'.", nameof(resourceName));
        endpointName ??= resource is IResourceWithEndpoints candidate && new EndpointReference(candidate, Uri.UriSchemeHttp).Exists
            ? Uri.UriSchemeHttp
            : Uri.UriSchemeHttps;
        return resource is IResourceWithEndpoints owner && new EndpointReference(owner, endpointName) is { IsAllocated: true } endpoint
            ? new Uri(endpoint.Url)
            : throw new ArgumentException(
                $"The resource '{resourceName}' has no endpoint '{endpointName}' with a port.", nameof(endpointName));
    }
}
