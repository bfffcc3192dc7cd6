using Dske.Cli.Network;
using Dske.Cli.Terminals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dske.Cli.Nodes;

/// <summary>Nodes as a table: which, how, where.</summary>
internal static class NodeTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="nodes">The nodes.</param>
    public static IRenderable Create(IEnumerable<NodeState> nodes)
    {
        var table = Tables.Create("NODE", "KIND", "STATE", "URL");
        foreach (var node in nodes)
        {
            table.AddRow(new Text(node.Name), new Text(node.Kind), Tables.Coloured(node.Describe(), node.IsHealthy), new Text(node.Url ?? Tables.Nothing));
        }

        return table;
    }
}
