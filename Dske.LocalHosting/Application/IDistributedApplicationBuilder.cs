using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.LocalHosting;

/// <summary>Collects the resources and services of an application. For one thread.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The configuration of the AppHost itself.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The environment of the AppHost itself.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The services of the AppHost itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>What the application is built for.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resources so far.</summary>
    IList<IResource> Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>A builder of the resource.</returns>
    /// <exception cref="DistributedApplicationException">The application has a resource of this name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Builds the application; <see cref="DistributedApplication.RunAsync"/> starts it.</summary>
    /// <returns>The application; the caller disposes of it.</returns>
    DistributedApplication Build();
}
