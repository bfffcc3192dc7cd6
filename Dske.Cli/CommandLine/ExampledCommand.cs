using System.CommandLine;

namespace Dske.Cli.CommandLine;

/// <summary>A command whose help ends with details and examples.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does, in one short sentence: it stands beside others.</param>
/// <param name="examples">Whole lines that work, the simplest first.</param>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole lines that work, the simplest first.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>What there is to know besides, in sentences; empty for nothing.</summary>
    public string Details { get; private set; } = string.Empty;

    /// <summary>Adds what there is to know besides.</summary>
    /// <param name="details">In sentences.</param>
    /// <returns>This command.</returns>
    public ExampledCommand WithDetails(string details)
    {
        Details = details;
        return this;
    }

    /// <summary>Says what the command does.</summary>
    /// <param name="action">Does it; a <see cref="CommandFailure"/> ends it.</param>
    /// <returns>This command.</returns>
    public ExampledCommand Does(Func<ParseResult, CancellationToken, Task<ExitCode>> action)
    {
        SetAction(async (parsed, stop) => (int)await action(parsed, stop));
        return this;
    }
}
