namespace Dske.LocalHosting;

/// <summary>Marks what may be said about a resource.</summary>
public interface IResourceAnnotation;
