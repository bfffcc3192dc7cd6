using Microsoft.Extensions.DependencyInjection;

namespace Dske.LocalHosting;

/// <summary>Gives resources commands.</summary>
public static class CommandResourceBuilderExtensions
{
    /// <summary>Adds a command; one of the same name is replaced.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name, for <see cref="ResourceCommandService"/>.</param>
    /// <param name="displayName">The name to show.</param>
    /// <param name="executeCommand">What it does.</param>
    /// <param name="commandOptions">More about it.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(displayName);
        ArgumentNullException.ThrowIfNull(executeCommand);
        var annotations = builder.Resource.Annotations;
        if (annotations.OfType<ResourceCommandAnnotation>().SingleOrDefault(command => command.Name == name) is { } replaced)
        {
            annotations.Remove(replaced);
        }

        return builder.WithAnnotation(new ResourceCommandAnnotation(name, executeCommand));
    }

    /// <summary>Adds a command that sends a POST request to the resource; it succeeds when the status is 2xx.</summary>
    /// <typeparam name="TResource">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path of the request.</param>
    /// <param name="displayName">The name to show.</param>
    /// <param name="endpointName">The endpoint that the request goes to; null for <c>http</c>.</param>
    /// <param name="commandName">
    /// The name, for <see cref="ResourceCommandService"/>; null for one made of resource, endpoint, method and path.
    /// </param>
    /// <param name="commandOptions">More about it.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">The resource has no such endpoint.</exception>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(path);
        var endpoint = builder.GetEndpoint(endpointName ?? Uri.UriSchemeHttp);
        if (!endpoint.Exists)
        {
            throw new DistributedApplicationException(
                $"The resource '{builder.Resource.Name}' has no endpoint '{endpoint.EndpointName}' for the command '{displayName}'.");
        }

        var name = commandName ?? $"{builder.Resource.Name}-{endpoint.EndpointName}-http-post-{path}";
        return builder.WithCommand(name, displayName, context => SendAsync(context, endpoint, path, commandOptions), commandOptions);
    }

    private static async Task<ExecuteCommandResult> SendAsync(
        ExecuteCommandContext context, EndpointReference endpoint, string path, HttpCommandOptions? options)
    {
        using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(endpoint.Url) { Path = path }.Uri);
        if (options?.PrepareRequest is { } prepare)
        {
            await prepare(new HttpCommandRequestContext
            {
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                CancellationToken = context.CancellationToken,
                Request = request,
            });
        }

        try
        {
            using var response = await client.SendAsync(request, context.CancellationToken);
            return response.IsSuccessStatusCode
                ? CommandResults.Success()
                : CommandResults.Failure($"Request failed with status code {response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure(e.Message);
        }
    }
}
