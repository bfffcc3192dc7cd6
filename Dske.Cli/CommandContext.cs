using Dske.Cli.Terminals;
using Dske.Protocol.Secrets;

namespace Dske.Cli;

/// <summary>What commands work with: tests pass their own.</summary>
internal sealed record CommandContext
{
    /// <summary>Where results and problems are written.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where randomness comes from.</summary>
    public required IEntropySource Entropy { get; init; }

    /// <summary>The full path of the directory that relative paths start from.</summary>
    public required string Directory { get; init; }

    /// <summary>The value of an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>
    /// Asks for a secret on the terminal, without showing it; null where nobody can be asked. What it returns the caller disposes.
    /// </summary>
    public Func<string, SecretBytes?> AskSecret { get; init; } = _ => null;

    /// <summary>The context of a command that somebody typed.</summary>
    public static CommandContext OfThisProcess() => new()
    {
        Terminal = Terminal.OfThisProcess(),
        Time = TimeProvider.System,
        Entropy = SystemEntropySource.Instance,
        Directory = Environment.CurrentDirectory,
        Variable = Environment.GetEnvironmentVariable,
        AskSecret = SecretPrompt.Ask,
    };

    /// <summary>The full path of a file or directory that somebody typed.</summary>
    /// <param name="path">Its path, relative to <see cref="Directory"/> or full.</param>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
