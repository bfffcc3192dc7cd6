using System.Text;
using Dske.Protocol.Topology;

namespace Dske.AppHost.Control;

/// <summary>What the AppHost prints about its network.</summary>
internal static class NetworkTable
{
    /// <summary>A line per node, and the address of the console.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="console">Where the console shows its pages; null for a network without one.</param>
    public static string Format(IEnumerable<ResourceStatus> nodes, string? console = null)
    {
        string[] heading = ["NODE", "KIND", "STATE", "API"];
        string[][] rows = [heading, .. nodes.Select(node => (string[])[node.Name, node.Kind, Describe(node), ApiPage(node)])];
        var widths = heading.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append("  ").AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        if (console is not null)
        {
            text.AppendLine().Append("  See it work: ").AppendLine(console);
        }

        return text.ToString();
    }

    /// <summary>A command to try the network with: the first encryptor, and one of another client if there is one.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="addressOf">Where the node of a name listens.</param>
    /// <param name="certificates">Its certificates; null without TLS.</param>
    /// <returns>The command, or null when there are not two encryptors.</returns>
    public static string? FormatExample(NetworkTopology topology, Func<string, Uri> addressOf, CertificateFiles? certificates = null)
    {
        if (FindPair(topology) is not var (_, first, peer))
        {
            return null;
        }

        var connection = certificates is null ? string.Empty : FormatConnection(certificates, certificates.Operator);
        return EncryptorApi.CurlCommand(addressOf(first.Name.Value), first.SaeId.Value, peer.SaeId.Value, connection);
    }

    /// <summary>A command that fetches a key as equipment does, with the certificate of the first encryptor.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="addressOf">Where the node of a name listens.</param>
    /// <param name="certificates">Its certificates.</param>
    /// <returns>The command, or null when there are not two encryptors.</returns>
    public static string? FormatKeyDelivery(NetworkTopology topology, Func<string, Uri> addressOf, CertificateFiles certificates)
    {
        if (FindPair(topology) is not var (client, first, peer))
        {
            return null;
        }

        var path = $"/client/{client.Name}/etsi/api/v1/keys/{Uri.EscapeDataString(peer.SaeId.Value)}/enc_keys";
        return $"curl {FormatConnection(certificates, certificates.OfSae(first.Name))}{new Uri(addressOf(client.Name.Value), path).AbsoluteUri}";
    }

    // One from the middle, so that the example crosses the network rather than going next door.
    private static (ClientDefinition Client, EncryptorDefinition First, EncryptorDefinition Peer)? FindPair(NetworkTopology topology)
    {
        var sites = topology.Clients.Where(client => client.RunsHere && client.Encryptors.Count > 0).ToList();
        if (sites.Count == 0)
        {
            return null;
        }

        EncryptorDefinition[] elsewhere = [.. sites.Skip(1).SelectMany(client => client.Encryptors)];
        EncryptorDefinition[] peers = elsewhere.Length > 0 ? elsewhere : [.. sites[0].Encryptors.Skip(1)];
        return peers.Length == 0 ? null : (sites[0], sites[0].Encryptors[0], peers[(peers.Length - 1) / 2]);
    }

    private static string FormatConnection(CertificateFiles certificates, (string Certificate, string Key) own) =>
        $"--cacert {Quote(certificates.AuthorityFile)} --cert {Quote(own.Certificate)} --key {Quote(own.Key)} ";

    private static string Quote(string path) =>
        path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string ApiPage(ResourceStatus node) => node.Url is null ? string.Empty : node.Url + "/scalar";

    private static string Describe(ResourceStatus node) => node switch
    {
        { Health: { } health } => health.ToLowerInvariant(),
        { ExitCode: { } exitCode } => $"ended ({exitCode})",
        _ => node.State.ToLowerInvariant(),
    };
}
