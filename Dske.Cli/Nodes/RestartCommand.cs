using System.CommandLine;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;

namespace Dske.Cli.Nodes;

/// <summary><c>dske restart</c>: restarts nodes of a network that runs, all of them where none is named.</summary>
internal sealed class RestartCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly NodeSelection _nodes;
    private readonly Option<double> _timeout = TimeoutOption.Create(120, "How long to wait until they are healthy.");

    private RestartCommand(CommandContext context)
    {
        _context = context;
        _nodes = new NodeSelection(new NameSuggestions(context));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var restart = new RestartCommand(context);
        var command = new ExampledCommand(
            "restart",
            "Restarts nodes of a network that runs.",
            "dske restart --client carol",
            "dske restart")
            .WithDetails("Restarts the nodes that are named, else all of them, and waits until they are healthy. Nodes that are stopped are started.")
            .Does(restart.RunAsync);
        restart._network.AddTo(command);
        restart._nodes.AddTo(command);
        command.Options.Add(restart._timeout);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var control = NetworkControl.Open(_network.Find(parsed, _context));
        var all = await control.ListAsync(stop);
        var chosen = _nodes.IsGiven(parsed) ? _nodes.Find(parsed, all) : [.. all];
        NodeResult.Write(
            _context, parsed, await new NodeWork(_context, control).RunAsync(chosen, NodeVerb.Restart, parsed.GetTimeout(_timeout), stop));
        return ExitCode.Success;
    }
}
