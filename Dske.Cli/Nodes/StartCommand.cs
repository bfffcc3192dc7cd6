using System.CommandLine;
using System.CommandLine.Parsing;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Topology;

namespace Dske.Cli.Nodes;

/// <summary><c>dske start</c>: brings a network up, or starts some of its nodes.</summary>
internal sealed class StartCommand
{
    private readonly CommandContext _context;
    private readonly NetworkOptions _network = new();
    private readonly NodeSelection _nodes;
    private readonly Option<bool> _tls = new("--tls") { Description = "Https only, with certificates of a development CA that is made in the data directory." };
    private readonly Option<OutOfBandMode?> _outOfBand = new("--oob")
    {
        Description = "Whom hubs give their first random data: token (clients with enrolment tokens; the default), open (whoever asks) or off (nobody: it travels as files, dske psrd makes and reads them).",
        HelpName = "MODE",
        CustomParser = ParseMode,
    };

    private readonly Option<bool> _noConsole = new("--no-console") { Description = "Without the web page beside the network." };
    private readonly Option<bool> _fresh = new("--fresh") { Description = "Forget what the nodes have stored." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Nodes log at level Information; without it, warnings and errors." };
    private readonly Option<double> _timeout = TimeoutOption.Create(120, "How long to wait until all is healthy.");
    private readonly Option<string?> _appHost = new("--apphost")
    {
        Description = "The AppHost that runs the network: its .dll, or a directory that holds it. "
            + $"Default: {AppHostProgram.Variable} in the environment, else the one of the clone that this command was built in.",
        HelpName = "PATH",
    };

    private StartCommand(CommandContext context)
    {
        _context = context;
        _nodes = new NodeSelection(new NameSuggestions(context));
    }

    /// <summary>Makes the command.</summary>
    /// <param name="context">What it works with.</param>
    public static Command Create(CommandContext context) => new StartCommand(context).Create();

    private ExampledCommand Create()
    {
        var command = new ExampledCommand(
            "start",
            "Brings a network up in the background, or starts some of its nodes.",
            "dske start",
            "dske start --topology lab.yaml --tls --fresh",
            "dske start --hub hank --client carol")
            .WithDetails("Waits until all is healthy. Ctrl+C meanwhile takes a network down again; nodes that were named go on starting.")
            .Does(RunAsync);
        _network.AddTo(command);
        _nodes.AddTo(command);
        Option[] ofNetwork = [_tls, _outOfBand, _noConsole, _fresh, _verbose, _appHost];
        foreach (var option in (IEnumerable<Option>)[.. ofNetwork, _timeout])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (ofNetwork.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } option
                && result.Children.OfType<System.CommandLine.Parsing.OptionResult>().Any(child => child.Option.Name is "--hub" or "--client" or "--encryptor"))
            {
                result.AddError($"{option.Name} is for a whole network, not for nodes of one that runs.");
            }
        });
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = _network.Find(parsed, _context);
        var timeout = parsed.GetTimeout(_timeout);
        if (_nodes.IsGiven(parsed))
        {
            using var control = NetworkControl.Open(files);
            var chosen = _nodes.Find(parsed, await control.ListAsync(stop));
            NodeResult.Write(_context, parsed, await new NodeWork(_context, control).RunAsync(chosen, NodeVerb.Start, timeout, stop));
            return ExitCode.Success;
        }

        var settings = new LaunchSettings
        {
            AppHost = parsed.GetValue(_appHost),
            Tls = parsed.GetValue(_tls),
            OutOfBand = parsed.GetValue(_outOfBand),
            NoConsole = parsed.GetValue(_noConsole),
            Fresh = parsed.GetValue(_fresh),
            Verbose = parsed.GetValue(_verbose),
        };
        var (processId, nodes) = await new NetworkStart(_context, files).RunAsync(settings, timeout, stop);
        var console = settings.NoConsole ? null : $"http://localhost:{PortPlan.For(files.LoadTopology()).ConsoleHttpPort}";
        NodeResult.WriteNetwork(_context, parsed, new StartedNetwork(processId, files.DataDirectory, files.LogFile, console, nodes));
        if (settings.OutOfBand == OutOfBandMode.Off && !parsed.WantsJson())
        {
            _context.Terminal.WriteLine("Clients whose random data is not there yet wait for files: dske psrd export makes them, dske psrd import reads them.");
        }

        return ExitCode.Success;
    }

    private static OutOfBandMode? ParseMode(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "token":
                return OutOfBandMode.Token;
            case "open":
                return OutOfBandMode.Open;
            case "off":
                return OutOfBandMode.Off;
            case var other:
                result.AddError($"--oob is token, open or off, not '{other}'.");
                return null;
        }
    }
}
