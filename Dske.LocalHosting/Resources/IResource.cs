namespace Dske.LocalHosting;

/// <summary>A part of the application: it has a name and annotations, which the orchestrator reads when the application starts.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application without regard to case; also the host name for service discovery.</summary>
    string Name { get; }

    /// <summary>What was said about the resource while the application was built, in order.</summary>
    IList<IResourceAnnotation> Annotations { get; }
}
