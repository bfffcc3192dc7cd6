namespace Dske.LocalHosting;

/// <summary>The resources of an application, as its services find them.</summary>
/// <param name="resources">The resources.</param>
public class DistributedApplicationModel(IEnumerable<IResource> resources)
{
    /// <summary>The resources, in the order in which they were added.</summary>
    public IList<IResource> Resources { get; } = [.. resources];
}
