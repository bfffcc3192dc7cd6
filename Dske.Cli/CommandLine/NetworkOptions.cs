using System.CommandLine;
using Dske.Cli.Network;

namespace Dske.Cli.CommandLine;

/// <summary>Which network is meant: the options that commands about one have in common.</summary>
internal sealed class NetworkOptions
{
    /// <summary><c>--topology</c>.</summary>
    public Option<string?> Topology { get; } = new("--topology")
    {
        Description = "The network. Default: topology.yaml here, else the one of the repository.",
        HelpName = "FILE",
    };

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Where its nodes keep their state. Default: .dske beside the topology file.",
        HelpName = "DIR",
    };

    /// <summary>Adds both to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Options.Add(Topology);
        command.Options.Add(Data);
    }

    /// <summary>Finds the network that is meant.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">What the command works with.</param>
    public NetworkFiles Find(ParseResult parsed, CommandContext context) => new(context, parsed.GetValue(Topology), parsed.GetValue(Data));
}
