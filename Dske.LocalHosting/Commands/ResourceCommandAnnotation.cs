namespace Dske.LocalHosting;

internal sealed record ResourceCommandAnnotation(string Name, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute)
    : IResourceAnnotation;
