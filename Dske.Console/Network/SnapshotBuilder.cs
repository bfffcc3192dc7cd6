using Dske.Protocol.Management;

namespace Dske.Console.Network;

/// <summary>Makes a snapshot of what nodes answered, and of the snapshot before where they did not.</summary>
internal static class SnapshotBuilder
{
    private const string Mismatch = "both ends mean different hubs, another order or another threshold.";
    private const string SetBack = "stored random data turned out to be an older copy; it was given up.";

    /// <summary>Makes it.</summary>
    /// <param name="settings">The network.</param>
    /// <param name="before">The snapshot before; null for the first.</param>
    /// <param name="readings">The latest answer of each node, by name. A node that has not been heard yet has none.</param>
    /// <param name="now">The time.</param>
    public static NetworkSnapshot Build(
        NetworkSettings settings, NetworkSnapshot? before, IReadOnlyDictionary<string, NodeReading> readings, DateTimeOffset now)
    {
        bool IsDown(string node) => readings.GetValueOrDefault(node)?.Health == NodeHealth.Down;
        var links = settings.Nodes
            .Where(static node => node.Kind == NodeKind.Client)
            .SelectMany(client => LinksOf(client.Name, readings.GetValueOrDefault(client.Name), before))
            .Select(link => link with { IsUsable = link.IsUsable && !link.IsStale && !IsDown(link.Hub) })
            .ToList();
        var suspicions = links.Where(static link => link.IsSuspect).ToLookup(static link => link.Hub, static link => link.Client);
        var nodes = settings.Nodes.Select(node => StateOf(node, readings.GetValueOrDefault(node.Name), before, suspicions, now)).ToList();
        var known = nodes.Select(static node => node.Name).ToHashSet(StringComparer.Ordinal);
        var elsewhere = links
            .OrderBy(static link => link.ShareIndex)
            .Select(static link => link.Hub)
            .Where(known.Add)
            .Select(hub => new NodeState(hub, NodeKind.Hub, NodeHealth.Unknown)
            {
                Since = before?.Find(hub)?.Since ?? now,
                SuspectedBy = [.. suspicions[hub].Order(StringComparer.Ordinal)],
            });
        return new NetworkSnapshot(now, settings.Threshold, [.. nodes, .. elsewhere], links);
    }

    private static IEnumerable<LinkState> LinksOf(string client, NodeReading? reading, NetworkSnapshot? before) => reading?.Client is { } report
        ? report.PeerHubs.Select(hub => LinkOf(client, hub, before?.Find(client, hub.HubName)))
        : before?.LinksOf(client).Select(static link => link with
        {
            IsStale = true,
            ClientOwned = link.ClientOwned.AtRest(),
            HubOwned = link.HubOwned.AtRest(),
        }) ?? [];

    // What was spent while a client was away is not what travelled just now.
    private static LinkState LinkOf(string client, PeerHubReport hub, LinkState? before) => new(client, hub.HubName, hub.ShareIndex)
    {
        IsRegistered = hub.Registered,
        IsUsable = hub.Usable,
        IsSuspect = hub.Suspect,
        Alarm = hub.NetworkMismatch ? Mismatch : hub.SetBack ? SetBack : null,
        Dialect = hub.Dialect,
        Waiting = hub.Waiting,
        ClientOwned = PoolLevel.Of(hub.LocalPool, before is { IsStale: false } ? before.ClientOwned : null),
        HubOwned = PoolLevel.Of(hub.PeerPool, before is { IsStale: false } ? before.HubOwned : null),
    };

    private static NodeState StateOf(
        MonitoredNode node, NodeReading? reading, NetworkSnapshot? before, ILookup<string, string> suspicions, DateTimeOffset now)
    {
        var health = reading?.Health ?? NodeHealth.Unknown;
        var earlier = before?.Find(node.Name);
        return new NodeState(node.Name, node.Kind, health)
        {
            Node = node,
            Reason = reading?.Reason,
            Since = earlier?.Health == health ? earlier.Since : now,
            SuspectedBy = [.. suspicions[node.Name].Order(StringComparer.Ordinal)],
            Encryptors = reading?.Client?.EncryptorNames
                ?? reading?.Hub?.PeerClients.SelectMany(static client => client.EncryptorNames).ToList()
                ?? earlier?.Encryptors
                ?? [],
            SharesWaiting = reading?.Hub?.Shares.Count(static share => !share.Delivered) ?? 0,
            SecureLinks = reading?.SecureLinks ?? [],
            KeySinks = reading?.KeySinks ?? [],
            Rejected = reading?.Hub?.Rejected ?? earlier?.Rejected ?? new Dictionary<string, long>(),
        };
    }
}
