using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Cli.Topologies;

/// <summary>A node of a topology.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">hub, client or encryptor.</param>
/// <param name="Port">Its port; null for a node run by someone else.</param>
/// <param name="Url">Where a node run by someone else is; null where that is not said, and for those that run here.</param>
/// <param name="SaeId">The SAE ID of an encryptor; null for others.</param>
/// <param name="Client">The client of an encryptor; null for others.</param>
internal sealed record TopologyNode(string Name, string Kind, int? Port, string? Url, string? SaeId, string? Client)
{
    /// <summary>All nodes of a topology.</summary>
    /// <param name="topology">The topology.</param>
    public static IEnumerable<TopologyNode> AllOf(NetworkTopology topology)
    {
        var ports = PortPlan.For(topology);
        int? PortOf(NodeName name) => ports.TryGetPort(name, out var port) ? port : null;
        return
        [
            .. topology.Hubs.Select(hub => new TopologyNode(hub.Name.Value, "hub", PortOf(hub.Name), hub.Url?.OriginalString, null, null)),
            .. topology.Clients.Select(client => new TopologyNode(client.Name.Value, "client", PortOf(client.Name), client.Url?.OriginalString, null, null)),
            .. topology.Clients.SelectMany(client => client.Encryptors.Select(encryptor => new TopologyNode(
                encryptor.Name.Value, "encryptor", PortOf(encryptor.Name), null, encryptor.SaeId.Value, client.Name.Value))),
        ];
    }
}
