using Dske.Cli.Network;
using Dske.Protocol.Topology;

namespace Dske.Cli.CommandLine;

/// <summary>Suggests names while somebody types, from the topology that is meant by default. Where there is none, it suggests nothing.</summary>
/// <param name="context">What the commands work with.</param>
internal sealed class NameSuggestions(CommandContext context)
{
    /// <summary>The names of nodes that run here.</summary>
    /// <param name="kind">hub, client or encryptor; null for all.</param>
    public IEnumerable<string> Nodes(string? kind = null) => Load() is { } topology ? new NodeNames(topology).OfKind(kind) : [];

    /// <summary>The SAE IDs of all encryptors.</summary>
    public IEnumerable<string> Saes() =>
        Load()?.Clients.SelectMany(client => client.Encryptors).Select(encryptor => encryptor.SaeId.Value) ?? [];

    private NetworkTopology? Load() => new NetworkFiles(context, topology: null, data: null).TryLoadTopology(out _);
}
