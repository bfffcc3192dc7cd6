namespace Dske.LocalHosting;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>It waits for an explicit start.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Its start waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Its process is about to be started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Its process runs, healthy or not.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Its process has been told to end.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Its process has ended, of itself or as told; the exit code tells how.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Its container has ended. Projects are never in this state.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>It has no process: a resource that it waits for failed, or its assembly cannot be run.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>The states that only a command leads out of.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
