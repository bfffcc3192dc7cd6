namespace Dske.LocalHosting;

/// <summary>The application is described wrongly, or a resource that another one waits for did not come up.</summary>
/// <param name="message">What is wrong.</param>
public class DistributedApplicationException(string message) : Exception(message);
