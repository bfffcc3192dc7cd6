using System.CommandLine;
using Dske.Cli.CommandLine;
using Dske.Cli.Network;

namespace Dske.Cli.Nodes;

/// <summary>Writes what became of nodes.</summary>
internal static class NodeResult
{
    /// <summary>Writes how nodes are.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="nodes">The nodes.</param>
    public static void Write(CommandContext context, ParseResult parsed, NodeState[] nodes)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(nodes, NodeResultJson.Default.NodeStateArray);
        }
        else
        {
            context.Terminal.Write(NodeTable.Create(nodes));
        }
    }

    /// <summary>Writes what was brought up.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="network">The network.</param>
    public static void WriteNetwork(CommandContext context, ParseResult parsed, StartedNetwork network)
    {
        var terminal = context.Terminal;
        if (parsed.WantsJson())
        {
            terminal.WriteJson(network, NodeResultJson.Default.StartedNetwork);
            return;
        }

        terminal.Write(NodeTable.Create(network.Nodes));
        terminal.WriteLine();
        if (network.Console is { } console)
        {
            terminal.WriteLine($"See it work: {console}");
        }

        terminal.WriteLine("The network is up. dske status tells how it is, dske stop ends it.");
    }
}
