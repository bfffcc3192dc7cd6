using Dske.Cli.Network;

namespace Dske.Cli.Status;

/// <summary>How a node is, as far as it tells.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">hub, client or encryptor.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="State">The state of its process.</param>
/// <param name="Health">Healthy or Unhealthy; null unless it runs.</param>
/// <param name="ExitCode">How its process ended; null while it runs.</param>
/// <param name="Keys">Of a hub the shares that wait, of an encryptor the keys it has; null where nobody counts.</param>
/// <param name="Links">Its links; null where it has none, or does not tell.</param>
/// <param name="SecureLinks">Of an encryptor its secure links; null where it has none, or does not tell.</param>
/// <param name="Sinks">Of an encryptor its key sinks; null where it has none, or does not tell.</param>
internal sealed record NodeStatus(
    string Name, string Kind, string? Url, string State, string? Health, int? ExitCode, int? Keys, IReadOnlyList<LinkStatus>? Links,
    IReadOnlyList<SecureLinkStatus>? SecureLinks = null, IReadOnlyList<KeySinkStatus>? Sinks = null)
{
    /// <summary>What is left in the pool that will be empty first, in bytes; null where there is none.</summary>
    public long? PsrdLeft => Links is { Count: > 0 } links ? links.Min(link => Math.Min(link.LocalBytes, link.PeerBytes)) : null;

    /// <summary>Who probably lies.</summary>
    public IReadOnlyList<string> Suspects => [.. (Links ?? []).Where(link => link.Suspect).Select(link => link.Peer)];

    /// <summary>What the AppHost knows, and nothing that the node tells.</summary>
    /// <param name="node">The node.</param>
    public static NodeStatus Of(NodeState node) => new(node.Name, node.Kind, node.Url, node.State, node.Health, node.ExitCode, Keys: null, Links: null);

    /// <summary>What the AppHost knows.</summary>
    public NodeState ToState() => new(Name, Kind, Url, State, Health, ExitCode);
}
