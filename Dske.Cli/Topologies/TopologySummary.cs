namespace Dske.Cli.Topologies;

/// <summary>What a topology file says.</summary>
/// <param name="File">The file.</param>
/// <param name="Hubs">How many hubs there are.</param>
/// <param name="Threshold">How many of them make a key.</param>
/// <param name="Nodes">All nodes, in the order of their ports.</param>
/// <param name="Sinks">All key sinks, in the order of the file.</param>
internal sealed record TopologySummary(string File, int Hubs, int Threshold, IReadOnlyList<TopologyNode> Nodes, IReadOnlyList<TopologySink> Sinks);
