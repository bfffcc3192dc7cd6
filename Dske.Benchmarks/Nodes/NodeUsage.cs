namespace Dske.Benchmarks.Nodes;

/// <summary>What a node took while it was watched.</summary>
/// <param name="Node">The node.</param>
/// <param name="Cpu">Its processor time, all threads, user and system; resolved to 10 ms on Linux.</param>
/// <param name="ResidentBytes">Its memory at the end.</param>
/// <param name="PeakResidentBytes">The most memory it ever had.</param>
internal sealed record NodeUsage(NodeProcess Node, TimeSpan Cpu, long ResidentBytes, long PeakResidentBytes);
