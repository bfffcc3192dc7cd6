using Dske.Benchmarks.Nodes;

namespace Dske.Benchmarks.Load;

/// <summary>What a run measured.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Tally">Counts, and latencies sorted.</param>
/// <param name="OwnCpu">The processor time that the generator took itself.</param>
/// <param name="OwnResidentBytes">The memory of the generator at the end.</param>
/// <param name="Nodes">What the nodes took; empty when they are not watched.</param>
internal sealed record LoadResult(TimeSpan Elapsed, LoadTally Tally, TimeSpan OwnCpu, long OwnResidentBytes, IReadOnlyList<NodeUsage> Nodes);
