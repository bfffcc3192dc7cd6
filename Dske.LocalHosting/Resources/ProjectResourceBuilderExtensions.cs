namespace Dske.LocalHosting;

/// <summary>Adds projects to an application.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project.</summary>
    /// <typeparam name="TProject">The generated metadata of the project, for instance <c>Projects.Dske_Hub</c>.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource; see <see cref="Resource(string)"/>.</param>
    /// <param name="launchProfileName">Null: launch profiles are not read here.</param>
    /// <returns>A builder of the new resource.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no resource name.</exception>
    /// <exception cref="NotSupportedException"><paramref name="launchProfileName"/> is not null.</exception>
    /// <exception cref="DistributedApplicationException">The application has a resource of this name.</exception>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        return launchProfileName is null
            ? builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject())
            : throw new NotSupportedException("Launch profiles are not read here: pass null, and set what the project needs.");
    }

    /// <summary>Leaves the resource alone when the application starts; the command <c>resource-start</c> starts it.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ExplicitStartAnnotation());
    }
}
