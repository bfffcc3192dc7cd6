using System.ComponentModel;
using System.Diagnostics;

namespace Dske.Benchmarks.Nodes;

/// <summary>Reads what processes on this machine take between two moments. Not safe for concurrent use.</summary>
/// <param name="nodes">Whom to watch.</param>
/// <param name="absence">Why nobody is watched, or not everybody; null when everybody is.</param>
internal sealed class NodeWatch(IReadOnlyList<NodeProcess> nodes, string? absence)
{
    private readonly List<(NodeProcess Node, Reading Before)> _begun = [];

    /// <summary>Why nobody is watched, or not everybody; null when everybody is.</summary>
    public string? Absence { get; private set; } = absence;

    /// <summary>Takes the first reading.</summary>
    public void Begin()
    {
        _begun.Clear();
        foreach (var node in nodes)
        {
            if (Read(node.Id) is { } reading)
            {
                _begun.Add((node, reading));
            }
            else
            {
                Miss(node);
            }
        }
    }

    /// <summary>Takes the second reading; nodes that ended or began anew in between are left out, and <see cref="Absence"/> names them.</summary>
    public IReadOnlyList<NodeUsage> End()
    {
        var usages = new List<NodeUsage>();
        foreach (var (node, before) in _begun)
        {
            // The same number may be another process by now.
            if (Read(node.Id) is { } after && after.Started == before.Started)
            {
                usages.Add(new NodeUsage(node, after.Cpu - before.Cpu, after.ResidentBytes, after.PeakResidentBytes));
            }
            else
            {
                Miss(node);
            }
        }

        return usages;
    }

    private static Reading? Read(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new Reading(process.StartTime, process.TotalProcessorTime, process.WorkingSet64, process.PeakWorkingSet64);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private void Miss(NodeProcess node)
    {
        var missed = $"{node.Name} (process {node.Id}) was not there from the beginning to the end";
        Absence = Absence is null ? missed : $"{Absence}; {missed}";
    }

    private readonly record struct Reading(DateTime Started, TimeSpan Cpu, long ResidentBytes, long PeakResidentBytes);
}
