using Dske.Protocol.Topology;

namespace Dske.Cli.Network;

/// <summary>The names of the nodes of a topology that run here.</summary>
/// <param name="topology">The topology.</param>
internal sealed class NodeNames(NetworkTopology topology)
{
    private IEnumerable<ClientDefinition> OwnClients => topology.Clients.Where(client => client.RunsHere);

    /// <summary>The hubs.</summary>
    public IEnumerable<string> Hubs => topology.Hubs.Where(hub => hub.RunsHere).Select(hub => hub.Name.Value);

    /// <summary>The clients.</summary>
    public IEnumerable<string> Clients => OwnClients.Select(client => client.Name.Value);

    /// <summary>The encryptors.</summary>
    public IEnumerable<string> Encryptors => OwnClients.SelectMany(client => client.Encryptors).Select(encryptor => encryptor.Name.Value);

    /// <summary>All of them, in the order of their ports.</summary>
    public IEnumerable<string> All => [.. Hubs, .. Clients, .. Encryptors];

    /// <summary>Those of a kind.</summary>
    /// <param name="kind">hub, client or encryptor; null for all.</param>
    public IEnumerable<string> OfKind(string? kind) => kind switch { "hub" => Hubs, "client" => Clients, "encryptor" => Encryptors, _ => All };
}
