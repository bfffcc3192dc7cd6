using Dske.Console.Network;
using Dske.Console.Telemetry.Metrics;

namespace Dske.Console.Metrics.Charts;

/// <summary>What a chart shows, in words and in few numbers, for those who cannot see it or want to know exactly.</summary>
public static class ChartSummary
{
    /// <summary>A sentence for each line: its least and its greatest number, and when that was.</summary>
    /// <param name="title">What the chart is of.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="unit">What their numbers are.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> is null.</exception>
    public static string Of(string title, IReadOnlyList<ChartLine> lines, ChartUnit unit)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return $"{title}, the last 15 minutes. {string.Join(' ', lines.Select(line => Of(line, unit)))}";
    }

    /// <summary>The last number of each minute, the latest minute first.</summary>
    /// <param name="lines">The lines, whose points are of the same slots.</param>
    /// <returns>A row for each minute: when it began, and a number for each line, null where nothing was reported.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="lines"/> is null.</exception>
    public static IReadOnlyList<(DateTimeOffset Minute, IReadOnlyList<double?> Values)> Minutes(IReadOnlyList<ChartLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var perMinute = (int)(TimeSpan.FromMinutes(1) / MetricWindow.Resolution);
        var slots = lines.Count == 0 ? 0 : lines[0].Points.Count;
        var rows = new List<(DateTimeOffset, IReadOnlyList<double?>)>();
        for (var end = slots; end > 0; end -= perMinute)
        {
            var begin = Math.Max(0, end - perMinute);
            rows.Add((lines[0].Points[begin].Time, [.. lines.Select(line => line.Points.Take(begin..end).LastOrDefault(point => point.Value is not null).Value)]));
        }

        return rows;
    }

    private static string Of(ChartLine line, ChartUnit unit)
    {
        var reported = line.Points.Where(point => point.Value is not null).ToList();
        if (reported.Count == 0)
        {
            return $"{line.Label}: nothing reported.";
        }

        var most = reported.MaxBy(point => point.Value);
        return $"{line.Label}: now {Quantity.Of(line.Current, unit)}, least {Quantity.Of(reported.Min(point => point.Value), unit)}, "
            + $"most {Quantity.Of(most.Value, unit)} at {Moment.Of(most.Time)}.";
    }
}
