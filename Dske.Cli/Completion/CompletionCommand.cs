using System.CommandLine;
using Dske.Cli.CommandLine;

namespace Dske.Cli.Completion;

/// <summary><c>dske completion SHELL</c>: a script that has a shell complete commands, options and names of nodes.</summary>
internal static class CompletionCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish.", HelpName = "SHELL" };
        shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        shell.Validators.Add(result =>
        {
            if (!CompletionScripts.Shells.Contains(result.Tokens[0].Value))
            {
                result.AddError($"There is no script for '{result.Tokens[0].Value}': bash, zsh or fish.");
            }
        });
        var command = new ExampledCommand(
            "completion",
            "Writes a script that has a shell complete what is typed.",
            "source <(dske completion bash)",
            "source <(dske completion zsh)",
            "dske completion fish > ~/.config/fish/completions/dske.fish").Does((parsed, _) =>
        {
            context.Terminal.OutputWriter.Write(CompletionScripts.Of(parsed.GetValue(shell)!));
            return Task.FromResult(ExitCode.Success);
        });
        command.Arguments.Add(shell);
        return command;
    }
}
