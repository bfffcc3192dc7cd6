namespace Dske.LocalHosting;

/// <summary>Tells how a resource is now.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The ID of its process: the name, as a resource has one process here.</param>
/// <param name="snapshot">How it is.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The ID, for <see cref="ResourceCommandService"/>.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>How the resource is.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
