using System.Text;
using Dske.Console.Network.Picture;
using Dske.Console.Telemetry.Metrics;

namespace Dske.Console.Metrics.Charts;

/// <summary>
/// Where things are in a chart: it is as many units wide as it has seconds, and <see cref="Height"/> high. The page stretches it to the room that
/// there is.
/// </summary>
public static class ChartShape
{
    /// <summary>The height of every chart.</summary>
    public const double Height = 100;

    /// <summary>The width of every chart: a unit for each second.</summary>
    public static double Width => MetricWindow.Length.TotalSeconds;

    /// <summary>The width of one slot.</summary>
    public static double SlotWidth => MetricWindow.Resolution.TotalSeconds;

    /// <summary>How far down a number is.</summary>
    /// <param name="value">The number.</param>
    /// <param name="scale">The upright axis.</param>
    /// <returns>0 at the top, <see cref="Height"/> at the bottom.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="scale"/> is null.</exception>
    public static double Y(double value, ChartScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return Height * (1 - Math.Clamp(value / scale.Top, 0, 1));
    }

    /// <summary>The path of a line: broken where nothing was reported; a number between two gaps is a dot.</summary>
    /// <param name="points">The points, oldest first.</param>
    /// <param name="scale">The upright axis.</param>
    /// <returns>The path; empty when nothing was reported.</returns>
    public static string LineOf(IReadOnlyList<MetricPoint> points, ChartScale scale) => Draw(points, scale, isArea: false);

    /// <summary>The path of what is below a line.</summary>
    /// <param name="points">The points, oldest first.</param>
    /// <param name="scale">The upright axis.</param>
    /// <returns>The path; empty when nothing was reported.</returns>
    public static string AreaOf(IReadOnlyList<MetricPoint> points, ChartScale scale) => Draw(points, scale, isArea: true);

    private static string Draw(IReadOnlyList<MetricPoint> points, ChartScale scale, bool isArea)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(scale);
        var path = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Value is not { } value || !double.IsFinite(value))
            {
                continue;
            }

            // A slot's number is that of all its time: it stands in the middle.
            var x = ((points[i].Time - points[0].Time) / MetricWindow.Resolution * SlotWidth) + (SlotWidth / 2);
            var begins = !IsReported(points, i - 1);
            var ends = !IsReported(points, i + 1);
            path.Append(begins ? isArea ? $"M{Svg.Text(x)} {Svg.Text(Height)}L" : "M" : "L").Append(Svg.Text(x)).Append(' ').Append(Svg.Text(Y(value, scale)));
            if (ends && isArea)
            {
                path.Append('V').Append(Svg.Text(Height)).Append('Z');
            }
            else if (ends && begins)
            {
                path.Append("h0");
            }
        }

        return path.ToString();
    }

    private static bool IsReported(IReadOnlyList<MetricPoint> points, int i) => i >= 0 && i < points.Count && points[i].Value is { } value && double.IsFinite(value);
}
