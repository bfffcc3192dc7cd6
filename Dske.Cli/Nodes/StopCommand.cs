using System.CommandLine;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Dske.Cli.Terminals;

namespace Dske.Cli.Nodes;

/// <summary><c>dske stop</c>: ends a network, or stops some of its nodes.</summary>
internal sealed class StopCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly NodeSelection _nodes;
    private readonly Option<double> _timeout = TimeoutOption.Create(NetworkEnd.Patience.TotalSeconds, "How long to wait until it has ended.");

    private StopCommand(CommandContext context)
    {
        _context = context;
        _nodes = new NodeSelection(new NameSuggestions(context));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context)
    {
        var stop = new StopCommand(context);
        var command = new ExampledCommand(
            "stop",
            "Ends a network, or stops some of its nodes.",
            "dske stop",
            "dske stop --hub hank --hub helen")
            .WithDetails("Waits until the last process has ended. What nodes have stored stays.")
            .Does(stop.RunAsync);
        stop._network.AddTo(command);
        stop._nodes.AddTo(command);
        command.Options.Add(stop._timeout);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = _network.Find(parsed, _context);
        var timeout = parsed.GetTimeout(_timeout);
        using var control = NetworkControl.Open(files);
        if (_nodes.IsGiven(parsed))
        {
            var chosen = _nodes.Find(parsed, await control.ListAsync(stop));
            NodeResult.Write(_context, parsed, await new NodeWork(_context, control).RunAsync(chosen, NodeVerb.Stop, timeout, stop));
            return ExitCode.Success;
        }

        await _context.Terminal.ShowAsync("Stopping the network", async _ =>
        {
            await new NetworkEnd(files, control, _context.Time).RunAsync(timeout, stop);
            return true;
        });
        if (parsed.WantsJson())
        {
            _context.Terminal.WriteJson(new StoppedNetwork(control.ProcessId, files.DataDirectory), NodeResultJson.Default.StoppedNetwork);
        }
        else
        {
            _context.Terminal.WriteLine("The network has ended.");
        }

        return ExitCode.Success;
    }
}
