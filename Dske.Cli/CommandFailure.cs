namespace Dske.Cli;

/// <summary>Ends a command: one line for the standard error, and the exit code.</summary>
/// <param name="code">The exit code; not <see cref="ExitCode.Success"/>.</param>
/// <param name="message">
/// What went wrong and, where there is something to do, what: a sentence or two, no secret in it. Of a file that has several faults, a line each.
/// </param>
internal class CommandFailure(ExitCode code, string message) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public ExitCode Code { get; } = code;
}
