using System.CommandLine;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Courier;

/// <summary><c>dske psrd</c>: random data that travels by courier.</summary>
internal static class PsrdCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context) => new ExampledCommand("psrd", "Random data that travels by courier, in sealed files.")
    {
        ExportCommand.Create(context),
        ImportCommand.Create(context),
        ListCommand.Create(context),
        AbandonCommand.Create(context),
    };
}
