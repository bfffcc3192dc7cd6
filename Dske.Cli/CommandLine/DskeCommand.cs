using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Dske.Cli.Certificates;
using Dske.Cli.Completion;
using Dske.Cli.Courier;
using Dske.Cli.Keys;
using Dske.Cli.Logs;
using Dske.Cli.Nodes;
using Dske.Cli.Status;
using Dske.Cli.Topologies;

namespace Dske.Cli.CommandLine;

/// <summary>The <c>dske</c> command: which groups of commands there are, and how any of them is run.</summary>
internal static class DskeCommand
{
    /// <summary>How long a command may take to leave nothing half-done after Ctrl+C.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Puts the command together, one line for each group.</summary>
    /// <param name="context">What the commands work with.</param>
    public static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand("Runs a DSKE network, looks into it and fetches keys from it.")
        {
            CommonOptions.Json,
            StartCommand.Create(context),
            StopCommand.Create(context),
            RestartCommand.Create(context),
            StatusCommand.Create(context),
            LogsCommand.Create(context),
            TopologyCommand.Create(context),
            EtsiQkdCommand.Create(context),
            EstablishCommand.Create(context),
            PsrdCommand.Create(context),
            CertsCommand.Create(context),
            CompletionCommand.Create(context),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }

    private static string? FindMistake(ParseResult parsed)
    {
        if (parsed.Action is ParseErrorAction)
        {
            // What nobody knows is told before what is missing: one is often typed in place of the other.
            var unknown = parsed.Errors.FirstOrDefault(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)));
            return string.Join(' ', (unknown ?? parsed.Errors[0]).Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }

        // An option that is misspelt would be taken for an argument. What begins like that and is meant comes after '--'.
        var isCommand = parsed.Action == parsed.CommandResult.Command.Action;
        return isCommand && parsed.Tokens.All(token => token.Type != TokenType.DoubleDash)
            && parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal)) is { } option
            ? $"There is no option '{option.Value}'."
            : null;
    }

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "dske";

    /// <summary>Runs what was typed.</summary>
    /// <param name="arguments">What follows <c>dske</c>.</param>
    /// <param name="context">What the commands work with.</param>
    /// <param name="stop">Ends the command as Ctrl+C does.</param>
    /// <returns>The exit code. Nothing is thrown for what can go wrong outside this program.</returns>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken stop = default)
    {
        var terminal = context.Terminal;
        var parsed = Create(context).Parse(arguments);
        if (FindMistake(parsed) is { } mistake)
        {
            terminal.WriteProblem($"{mistake} ({PathOf(parsed.CommandResult)} --help says more.)");
            return ExitCode.BadInput;
        }

        var configuration = new InvocationConfiguration
        {
            Output = terminal.OutputWriter,
            Error = terminal.ErrorWriter,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTimeout,
        };
        try
        {
            return (ExitCode)await parsed.InvokeAsync(configuration, stop);
        }
        catch (CommandFailure failure)
        {
            foreach (var line in failure.Message.Split('\n'))
            {
                terminal.WriteProblem(line);
            }

            return failure.Code;
        }
        catch (OperationCanceledException)
        {
            terminal.WriteProblem("Interrupted.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            terminal.WriteProblem(exception.Message);
            return ExitCode.Failed;
        }
    }
}
