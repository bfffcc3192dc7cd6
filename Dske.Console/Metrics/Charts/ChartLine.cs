using Dske.Console.Telemetry.Metrics;

namespace Dske.Console.Metrics.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Look">Its colour and dashes: 0 to <see cref="Looks"/> - 1.</param>
/// <param name="Points">Its points, oldest first, one for each slot.</param>
/// <param name="Current">Its number now, as the legend has it; null when there is none.</param>
public sealed record ChartLine(string Label, int Look, IReadOnlyList<MetricPoint> Points, double? Current)
{
    /// <summary>How many looks there are: more lines cannot be told apart.</summary>
    public const int Looks = 6;

    /// <summary>What is left when there are more lines than looks.</summary>
    public const string Others = "others";

    /// <summary>A line for each rate. When they are too many, those beyond are taken together, the rarest first.</summary>
    /// <param name="rates">The rates.</param>
    /// <param name="firstLook">The look of the first one, 0 to <see cref="Looks"/> - 1; those before it are not used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rates"/> is null.</exception>
    public static IReadOnlyList<ChartLine> Of(IReadOnlyList<RateSeries> rates, int firstLook = 0)
    {
        ArgumentNullException.ThrowIfNull(rates);
        var most = Looks - firstLook;
        if (rates.Count <= most)
        {
            return [.. rates.Select((rate, i) => Of(rate, firstLook + i))];
        }

        var kept = rates.OrderByDescending(rate => rate.Total).Take(most - 1).ToHashSet();
        var rest = rates.Where(rate => !kept.Contains(rate)).ToList();
        // In the order that they came in, so that a line keeps its colour as long as it can.
        return [.. rates.Where(kept.Contains).Select((rate, i) => Of(rate, firstLook + i)), Of(Sum(rest), Looks - 1)];
    }

    private static ChartLine Of(RateSeries rate, int look) => new(rate.Label, look, rate.Points, rate.Current);

    private static RateSeries Sum(List<RateSeries> rates) => new(
        Others,
        rates.Sum(rate => rate.Current),
        rates.Sum(rate => rate.Total),
        [.. rates[0].Points.Select((point, i) => new MetricPoint(point.Time, Sum(rates.Select(rate => rate.Points[i].Value))))]);

    private static double? Sum(IEnumerable<double?> values)
    {
        var reported = values.OfType<double>().ToList();
        return reported.Count == 0 ? null : reported.Sum();
    }
}
