namespace Dske.Cli.Courier;

/// <summary>A node refuses what it was asked.</summary>
/// <param name="code">The exit code.</param>
/// <param name="message">What it says.</param>
/// <param name="type">The type of the problem, by which programs know it; null where the node names none.</param>
internal sealed class NodeRefusal(ExitCode code, string message, string? type) : CommandFailure(code, message)
{
    /// <summary>The type of the problem.</summary>
    public string? Type { get; } = type;
}
