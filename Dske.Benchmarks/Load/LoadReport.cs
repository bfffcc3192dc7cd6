using System.Text.Json;
using Dske.Benchmarks.Nodes;

namespace Dske.Benchmarks.Load;

/// <summary>What is printed of a run; <c>docs/performance.md</c> says what the members mean.</summary>
internal sealed record LoadReport
{
    /// <summary>The sum of hubs, clients and encryptors in <see cref="CpuMsPerPair"/>.</summary>
    public const string AllNodes = "nodes";

    /// <summary>The generator in <see cref="CpuMsPerPair"/>.</summary>
    public const string Generator = "generator";

    private static readonly string[] NodeTypes = [TopologyProcesses.Hub, TopologyProcesses.Client, TopologyProcesses.Encryptor];

    /// <summary>Who with whom.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    /// <summary>The size of each key.</summary>
    public required int SizeBits { get; init; }

    /// <summary>Keys per request.</summary>
    public required int Number { get; init; }

    /// <summary>Exchanges at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>Pairs of equal keys.</summary>
    public required long Pairs { get; init; }

    /// <summary>Pairs of equal keys a second.</summary>
    public required double PairsPerSecond { get; init; }

    /// <summary>Key material that both ends got, a second.</summary>
    public required double MbitPerSecond { get; init; }

    /// <summary>The latency of exchanges; absent when there was none.</summary>
    public LatencySummary? LatencyMs { get; init; }

    /// <summary>Keys that were not the same at both ends.</summary>
    public required long Unequal { get; init; }

    /// <summary>Exchanges that came to nothing.</summary>
    public required long ErrorCount { get; init; }

    /// <summary>What went wrong, and how often.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Processor time per pair by type of node; absent when no pair was made.</summary>
    public IReadOnlyDictionary<string, double>? CpuMsPerPair { get; init; }

    /// <summary>The memory of the generator at the end.</summary>
    public required double GeneratorRssMib { get; init; }

    /// <summary>Each node; absent when none is watched.</summary>
    public IReadOnlyList<NodeSummary>? Nodes { get; init; }

    /// <summary>Why nodes are missing; absent when none is.</summary>
    public string? NodesMissing { get; init; }

    /// <summary>Puts a report together.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="result">What was measured.</param>
    /// <param name="nodesMissing">Why nodes are missing; null when none is.</param>
    public static LoadReport Of(LoadPlan plan, LoadResult result, string? nodesMissing)
    {
        var (tally, seconds) = (result.Tally, result.Elapsed.TotalSeconds);
        return new LoadReport
        {
            Routes = [.. plan.Routes.Select(route => route.ToString())],
            SizeBits = plan.SizeBits,
            Number = plan.Number,
            Concurrency = plan.Concurrency,
            Seconds = Round(seconds),
            Pairs = tally.Pairs,
            PairsPerSecond = Round(tally.Pairs / seconds),
            MbitPerSecond = Round((double)tally.Pairs * plan.SizeBits / seconds / 1e6),
            LatencyMs = tally.Latencies.IsEmpty ? null : LatencySummary.Of(tally.Latencies),
            Unequal = tally.Unequal,
            ErrorCount = tally.Errors.Values.Sum(),
            Errors = tally.Errors,
            CpuMsPerPair = tally.Pairs == 0 ? null : PerPair(result),
            GeneratorRssMib = NodeSummary.ToMib(result.OwnResidentBytes),
            Nodes = result.Nodes.Count == 0 ? null : [.. result.Nodes.Select(NodeSummary.Of)],
            NodesMissing = nodesMissing,
        };
    }

    /// <summary>The report as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LoadReportJson.Default.LoadReport);

    /// <summary>Rounds to what is worth printing: 0.1 ‰ of a millisecond or a second.</summary>
    internal static double Round(double value) => Math.Round(value, 4);

    private static Dictionary<string, double> PerPair(LoadResult result)
    {
        var perPair = result.Nodes
            .GroupBy(usage => usage.Node.Type, StringComparer.Ordinal)
            .ToDictionary(type => type.Key, type => Average(type.Aggregate(TimeSpan.Zero, (sum, usage) => sum + usage.Cpu)), StringComparer.Ordinal);
        if (perPair.Count > 0)
        {
            perPair[AllNodes] = Round(NodeTypes.Sum(type => perPair.GetValueOrDefault(type)));
        }

        perPair[Generator] = Average(result.OwnCpu);
        return perPair;

        double Average(TimeSpan cpu) => Round(cpu.TotalMilliseconds / result.Tally.Pairs);
    }
}
