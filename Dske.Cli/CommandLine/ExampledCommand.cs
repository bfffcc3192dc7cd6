using System.CommandLine;

namespace Dske.Cli.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does, in a sentence or two.</param>
/// <param name="examples">Whole lines that work, the simplest first.</param>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole lines that work, the simplest first.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Says what the command does.</summary>
    /// <param name="action">Does it; a <see cref="CommandFailure"/> ends it.</param>
    /// <returns>This command.</returns>
    public ExampledCommand Does(Func<ParseResult, CancellationToken, Task<ExitCode>> action)
    {
        SetAction(async (parsed, stop) => (int)await action(parsed, stop));
        return this;
    }
}
