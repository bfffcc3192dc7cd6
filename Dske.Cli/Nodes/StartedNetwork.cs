using Dske.Cli.Network;

namespace Dske.Cli.Nodes;

/// <summary>A network that was brought up.</summary>
/// <param name="ProcessId">The process of its AppHost.</param>
/// <param name="Data">Its data directory.</param>
/// <param name="Log">The file that it writes to.</param>
/// <param name="Console">Its web page; null without.</param>
/// <param name="Nodes">Its nodes.</param>
internal sealed record StartedNetwork(int ProcessId, string Data, string Log, string? Console, IReadOnlyList<NodeState> Nodes);
