using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;

namespace Dske.Cli.Logs;

/// <summary><c>dske logs</c>: what nodes of a network in the background write.</summary>
internal sealed class LogsCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly Argument<string?> _node = new("NODE")
    {
        Description = "The node; without it, the whole network.",
        HelpName = "NODE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with what is written from now on, until Ctrl+C or the network's end." };
    private readonly Option<int> _lines = new("--lines", "-n") { Description = "How many of the last lines.", HelpName = "N", DefaultValueFactory = _ => 100, CustomParser = ParseLines };

    private LogsCommand(CommandContext context)
    {
        _context = context;
        var names = new NameSuggestions(context);
        _node.CompletionSources.Add(_ => names.Nodes().Select(name => new CompletionItem(name)));
    }

    private static TimeSpan PollInterval => TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var logs = new LogsCommand(context);
        var command = new ExampledCommand(
            "logs",
            "Shows what nodes have written.",
            "dske logs carol",
            "dske logs --follow --lines 20")
            .WithDetails("Of a network that dske start brought up, also after it has ended. Nodes write warnings and errors, more with start --verbose.")
            .Does(logs.RunAsync);
        command.Arguments.Add(logs._node);
        logs._network.AddTo(command);
        command.Options.Add(logs._follow);
        command.Options.Add(logs._lines);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = _network.Find(parsed, _context);
        var node = parsed.GetValue(_node);
        if (node is not null && files.TryLoadTopology(out _) is { } topology && !new NodeNames(topology).All.Contains(node))
        {
            throw new CommandFailure(ExitCode.BadInput, $"There is no node '{node}'. There are: {string.Join(", ", new NodeNames(topology).All)}.");
        }

        using var reader = Open(files);
        var lines = new LogLines(reader, node);
        foreach (var line in lines.Last(parsed.GetValue(_lines)))
        {
            Write(parsed, line);
        }

        if (parsed.GetValue(_follow))
        {
            await FollowAsync(parsed, files, lines, stop);
        }

        return ExitCode.Success;
    }

    private static int ParseLines(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
        {
            result.AddError($"--lines is a number of lines, at least 0, not '{text}'.");
        }

        return lines;
    }

    private static StreamReader Open(NetworkFiles files)
    {
        try
        {
            return new StreamReader(new FileStream(files.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.WrongState, files.IsInUse()
                ? "This network was not brought up by dske start: its AppHost writes where it was started."
                : $"No network has run on {files.DataDirectory} in the background.");
        }
    }

    private async Task FollowAsync(ParseResult parsed, NetworkFiles files, LogLines lines, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // Looked at first: what was written before the end is still to be shown.
                var goesOn = files.IsInUse();
                while (lines.Next() is { } line)
                {
                    Write(parsed, line);
                }

                if (!goesOn)
                {
                    return;
                }

                await Task.Delay(PollInterval, _context.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private void Write(ParseResult parsed, string line)
    {
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(line, LogsJson.Default.String);
        }
        else
        {
            _context.Terminal.WriteLine(line);
        }
    }
}
