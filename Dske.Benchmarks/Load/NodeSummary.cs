using Dske.Benchmarks.Nodes;

namespace Dske.Benchmarks.Load;

/// <summary>What one node took.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Pid">Its process ID.</param>
/// <param name="CpuMs">Its processor time, in milliseconds.</param>
/// <param name="RssMib">Its memory at the end, in MiB.</param>
/// <param name="PeakRssMib">The most memory it ever had, in MiB.</param>
internal sealed record NodeSummary(string Name, string Type, int Pid, double CpuMs, double RssMib, double PeakRssMib)
{
    /// <summary>Sums up a node.</summary>
    public static NodeSummary Of(NodeUsage usage) => new(
        usage.Node.Name,
        usage.Node.Type,
        usage.Node.Id,
        Math.Round(usage.Cpu.TotalMilliseconds),
        ToMib(usage.ResidentBytes),
        ToMib(usage.PeakResidentBytes));

    /// <summary>Bytes in MiB, to a tenth.</summary>
    internal static double ToMib(long bytes) => Math.Round(bytes / (1024.0 * 1024.0), 1);
}
