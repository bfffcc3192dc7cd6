namespace Dske.LocalHosting;

/// <summary>Start only once another resource has come so far. <see cref="ExitCode"/> set: it has ended so; else it is healthy, or has started.</summary>
internal sealed record WaitAnnotation(IResource Dependency, bool Healthy = false, int? ExitCode = null) : IResourceAnnotation;
