using System.CommandLine;

namespace Dske.Cli.CommandLine;

/// <summary>Options that every command knows.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>: results as one JSON document on the standard output, for programs.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the result as JSON.", Recursive = true };

    /// <summary>Whether the result is wanted as JSON.</summary>
    /// <param name="parsed">What was typed.</param>
    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(Json);
}
