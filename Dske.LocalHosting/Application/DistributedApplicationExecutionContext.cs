namespace Dske.LocalHosting;

/// <summary>What the application is built for.</summary>
public class DistributedApplicationExecutionContext
{
    /// <summary>Whether the resources are to be run: always, here.</summary>
    public bool IsRunMode { get; } = true;
}
