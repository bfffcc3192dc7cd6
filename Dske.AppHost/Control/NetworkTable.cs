using System.Text;
using Dske.Protocol.Topology;

namespace Dske.AppHost.Control;

/// <summary>What the AppHost prints about its network.</summary>
internal static class NetworkTable
{
    /// <summary>A line per node.</summary>
    public static string Format(IEnumerable<ResourceStatus> nodes)
    {
        string[] heading = ["NODE", "KIND", "STATE", "API"];
        string[][] rows = [heading, .. nodes.Select(node => (string[])[node.Name, node.Kind, Describe(node), ApiPage(node)])];
        var widths = heading.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append("  ").AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>A command to try the network with: the first encryptor, and one of another client if there is one.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="addressOf">Where the encryptor of a name listens.</param>
    /// <returns>The command, or null when there are not two encryptors.</returns>
    public static string? FormatExample(NetworkTopology topology, Func<string, Uri> addressOf)
    {
        var sites = topology.Clients.Where(client => client.RunsHere && client.Encryptors.Count > 0).ToList();
        if (sites.Count == 0)
        {
            return null;
        }

        var first = sites[0].Encryptors[0];
        EncryptorDefinition[] elsewhere = [.. sites.Skip(1).SelectMany(client => client.Encryptors)];
        EncryptorDefinition[] peers = elsewhere.Length > 0 ? elsewhere : [.. sites[0].Encryptors.Skip(1)];

        // One from the middle, so that the example crosses the network rather than going next door.
        return peers.Length == 0
            ? null
            : EncryptorApi.CurlCommand(addressOf(first.Name.Value), first.SaeId.Value, peers[(peers.Length - 1) / 2].SaeId.Value);
    }

    private static string ApiPage(ResourceStatus node) => node.Url is null ? string.Empty : node.Url + "/scalar";

    private static string Describe(ResourceStatus node) => node switch
    {
        { Health: { } health } => health.ToLowerInvariant(),
        { ExitCode: { } exitCode } => $"ended ({exitCode})",
        _ => node.State.ToLowerInvariant(),
    };
}
