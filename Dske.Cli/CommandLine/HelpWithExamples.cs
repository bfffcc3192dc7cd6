using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Dske.Cli.CommandLine;

/// <summary>The help, and below it the details and examples of an <see cref="ExampledCommand"/>.</summary>
/// <param name="help">Writes the help itself.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the help of a command and of those below it.</summary>
    /// <param name="root">The root of the commands.</param>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ExampledCommand command)
        {
            return code;
        }

        var output = parseResult.InvocationConfiguration.Output;
        if (command.Details.Length > 0)
        {
            output.WriteLine(command.Details);
            output.WriteLine();
        }

        if (command.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine("  " + example);
            }

            output.WriteLine();
        }

        return code;
    }
}
