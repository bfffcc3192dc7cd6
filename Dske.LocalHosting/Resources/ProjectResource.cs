namespace Dske.LocalHosting;

/// <summary>A .NET project, run as a process of its own.</summary>
/// <param name="name">The name; see <see cref="Resource(string)"/>.</param>
/// <exception cref="ArgumentException"><paramref name="name"/> is no resource name.</exception>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>Where the project is.</summary>
    internal IProjectMetadata Metadata => Annotations.OfType<IProjectMetadata>().Last();
}
