namespace Dske.LocalHosting;

internal sealed record WaitAnnotation(IResource Dependency) : IResourceAnnotation;
