namespace Dske.LocalHosting;

/// <summary>Makes the start of a resource wait for others.</summary>
public static class WaitResourceBuilderExtensions
{
    /// <summary>
    /// Waits until another resource runs and, if it has a health check, is healthy. Where that one fails, this one fails to start.
    /// </summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other one.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">Both are the same.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        return ReferenceEquals(builder.Resource, dependency.Resource)
            ? throw new DistributedApplicationException($"The resource '{builder.Resource.Name}' cannot wait for itself.")
            : builder.WithAnnotation(new WaitAnnotation(dependency.Resource));
    }
}
