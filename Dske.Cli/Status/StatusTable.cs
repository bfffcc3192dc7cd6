using System.Globalization;
using Dske.Cli.Terminals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dske.Cli.Status;

/// <summary>How nodes are, as tables.</summary>
internal static class StatusTable
{
    /// <summary>A line for each node.</summary>
    /// <param name="nodes">The nodes.</param>
    public static IRenderable OfNetwork(IEnumerable<NodeStatus> nodes)
    {
        var table = Tables.Create("NODE", "KIND", "STATE", "LINKS", "PSRD LEFT", "KEYS", "SUSPECTS");
        foreach (var node in nodes)
        {
            table.AddRow(
                new Text(node.Name),
                new Text(node.Kind),
                Tables.Coloured(node.ToState().Describe(), node.ToState().IsHealthy),
                Links(node),
                new Text(node.PsrdLeft is { } left ? Tables.Bytes(left) : Tables.Nothing),
                new Text(node.Keys?.ToString(CultureInfo.InvariantCulture) ?? Tables.Nothing),
                node.Suspects.Count == 0 ? new Text(Tables.Nothing) : Tables.Coloured(string.Join(", ", node.Suspects), isGood: false));
        }

        return table;
    }

    /// <summary>A line for each link of a node.</summary>
    /// <param name="node">The node.</param>
    public static IRenderable OfLinks(NodeStatus node)
    {
        var table = Tables.Create("LINK TO", "USABLE", "DIALECT", "OWN PSRD", "PEER'S PSRD", "REMARKS");
        foreach (var link in node.Links ?? [])
        {
            string[] remarks = [.. link.Suspect ? ["suspect"] : Array.Empty<string>(), .. link.Alarms];
            table.AddRow(
                new Text(link.Peer),
                Tables.Coloured(link.Usable ? "yes" : "no", link.Usable),
                new Text(link.Dialect ?? Tables.Nothing),
                new Text(Tables.Bytes(link.LocalBytes)),
                new Text(Tables.Bytes(link.PeerBytes)),
                remarks.Length == 0 ? new Text(Tables.Nothing) : Tables.Coloured(string.Join(", ", remarks), isGood: false));
        }

        return table;
    }

    /// <summary>A line for each secure link of an encryptor.</summary>
    /// <param name="links">The links.</param>
    public static IRenderable OfSecureLinks(IEnumerable<SecureLinkStatus> links)
    {
        var table = Tables.Create("SECURE LINK TO", "STATE", "CIPHER", "EPOCH", "NEXT", "SENT", "RECEIVED", "FAILURES", "REMARKS");
        foreach (var link in links)
        {
            table.AddRow(
                new Text(link.Peer),
                Tables.Coloured(link.State, link.IsUp),
                new Text(link.Cipher ?? Tables.Nothing),
                new Text(link.Epoch.ToString(CultureInfo.InvariantCulture)),
                new Text(link.NextRollOverSeconds is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next:F0} s") : Tables.Nothing),
                new Text(Tables.Bytes(link.SentBytes)),
                new Text(Tables.Bytes(link.ReceivedBytes)),
                new Text(link.Failures.ToString(CultureInfo.InvariantCulture)),
                link.Reason is null ? new Text(Tables.Nothing) : Tables.Coloured(link.Reason, isGood: false));
        }

        return table;
    }

    /// <summary>A line for each key sink of an encryptor.</summary>
    /// <param name="sinks">The sinks.</param>
    public static IRenderable OfSinks(IEnumerable<KeySinkStatus> sinks)
    {
        var table = Tables.Create("KEY SINK", "WITH", "KIND", "ROLL-OVERS", "LAST", "NEXT", "FAILURES", "REMARKS");
        foreach (var sink in sinks)
        {
            table.AddRow(
                new Text(sink.Name),
                new Text(sink.Peer),
                new Text(sink.Kind),
                new Text(sink.RollOvers.ToString(CultureInfo.InvariantCulture)),
                new Text(Moment(sink.RolledOverAt)),
                new Text(Moment(sink.NextAt)),
                new Text(sink.Failures.ToString(CultureInfo.InvariantCulture)),
                sink.LastError is null ? new Text(Tables.Nothing) : Tables.Coloured(sink.LastError, isGood: false));
        }

        return table;
    }

    private static string Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? Tables.Nothing;

    private static IRenderable Links(NodeStatus node)
    {
        if (node.SecureLinks is { } secure)
        {
            var up = secure.Count(link => link.IsUp);
            return Tables.Coloured(string.Create(CultureInfo.InvariantCulture, $"{up}/{secure.Count}"), up == secure.Count ? null : false);
        }

        if (node.Links is not { } links)
        {
            return new Text(Tables.Nothing);
        }

        var usable = links.Count(link => link.Usable);
        return Tables.Coloured(string.Create(CultureInfo.InvariantCulture, $"{usable}/{links.Count}"), usable == links.Count ? null : false);
    }
}
