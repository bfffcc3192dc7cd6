using System.Globalization;

namespace Dske.Benchmarks.Load;

/// <summary>Shows a report to people.</summary>
internal static class LoadTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(LoadReport report, TextWriter to)
    {
        Line(to, $"{string.Join(", ", report.Routes)}: {report.SizeBits} bits, {report.Number} a request, {report.Concurrency} at a time, {report.Seconds:F1} s");
        Line(to, $"  pairs         {report.Pairs} ({report.PairsPerSecond:F1} a second, {report.MbitPerSecond:F3} Mbit/s)");
        Line(to, report.LatencyMs is { } latency
            ? (FormattableString)$"  latency, ms   p50 {latency.P50:F2}   p95 {latency.P95:F2}   p99 {latency.P99:F2}   max {latency.Max:F2}"
            : $"  latency, ms   not measured: no pair was made");
        Line(to, $"  unequal       {report.Unequal}");
        Line(to, $"  errors        {report.ErrorCount}");
        foreach (var (what, count) in report.Errors)
        {
            Line(to, $"                {count} × {what}");
        }

        if (report.CpuMsPerPair is { } cpu)
        {
            Line(to, $"  CPU per pair, ms");
            foreach (var (type, milliseconds) in cpu)
            {
                Line(to, $"    {type,-12}{milliseconds,10:F3}");
            }
        }

        WriteNodes(report, to);
    }

    private static void WriteNodes(LoadReport report, TextWriter to)
    {
        if (report.Nodes is { } nodes)
        {
            Line(to, $"    {"node",-12}{"type",-12}{"process",8}{"CPU, ms",12}{"RSS, MiB",12}{"peak, MiB",12}");
            foreach (var node in nodes)
            {
                Line(to, $"    {node.Name,-12}{node.Type,-12}{node.Pid,8}{node.CpuMs,12:F0}{node.RssMib,12:F1}{node.PeakRssMib,12:F1}");
            }
        }

        if (report.NodesMissing is { } missing)
        {
            Line(to, $"  {(report.Nodes is null ? "CPU and memory of nodes are not measured" : "not all nodes are measured")}: {missing}");
        }
    }

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
