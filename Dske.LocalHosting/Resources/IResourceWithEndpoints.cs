namespace Dske.LocalHosting;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;
