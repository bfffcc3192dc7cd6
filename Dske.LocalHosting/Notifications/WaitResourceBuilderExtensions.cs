namespace Dske.LocalHosting;

/// <summary>Makes the start of a resource wait for others. Where one that is waited for fails, the waiting one fails to start.</summary>
public static class WaitResourceBuilderExtensions
{
    /// <summary>Waits until another resource runs and, if it has a health check, is healthy.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other one.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">Both are the same.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency, wait => wait with { Healthy = true });

    /// <summary>Waits until another resource runs.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other one.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">Both are the same.</exception>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency, wait => wait);

    /// <summary>Waits until another resource has run and ended.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other one.</param>
    /// <param name="exitCode">The exit code with which it must end.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="DistributedApplicationException">Both are the same.</exception>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.WithWait(dependency, wait => wait with { ExitCode = exitCode });

    private static IResourceBuilder<T> WithWait<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, Func<WaitAnnotation, WaitAnnotation> kind)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        return ReferenceEquals(builder.Resource, dependency.Resource)
            ? throw new DistributedApplicationException($"The resource '{builder.Resource.Name}' cannot wait for itself.")
            : builder.WithAnnotation(kind(new WaitAnnotation(dependency.Resource)));
    }
}
