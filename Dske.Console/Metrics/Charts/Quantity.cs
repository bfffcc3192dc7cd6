using System.Globalization;
using Dske.Console.Network;

namespace Dske.Console.Metrics.Charts;

/// <summary>Numbers with their units, as the charts and tables write them.</summary>
public static class Quantity
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    private const double MostBytes = 1L << 60;

    /// <summary>A number in a unit that fits: 12.5/s, 35 ms, 1.5 MiB, 64 KiB/s.</summary>
    /// <param name="value">The number, 0 or more; null when there is none.</param>
    /// <param name="unit">What it is.</param>
    public static string Of(double? value, ChartUnit unit) => value is not { } number || !double.IsFinite(number) ? None : unit switch
    {
        ChartUnit.PerSecond => $"{Plain(number)}/s",
        ChartUnit.Seconds => Seconds(number),
        ChartUnit.Bytes => Size.Of(Round(number)),
        _ => $"{Size.Of(Round(number))}/s",
    };

    /// <summary>How often something happened, without a fraction: 1,234.</summary>
    /// <param name="count">How often; estimates of parts of a slot have fractions.</param>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Time that is left, roughly, rounded down: 45 s, 12 min, 3 h, 5 days.</summary>
    /// <param name="time">The time; null when it does not end.</param>
    public static string Of(TimeSpan? time) => time switch
    {
        null => None,
        { TotalMinutes: < 1 } left => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(left.TotalSeconds):0} s"),
        { TotalHours: < 1 } left => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(left.TotalMinutes):0} min"),
        { TotalDays: < 2 } left => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(left.TotalHours):0} h"),
        { TotalDays: < 365 } left => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(left.TotalDays):0} days"),
        _ => "over a year",
    };

    private static string Plain(double value) => value.ToString(value switch { < 10 => "0.##", < 100 => "0.#", _ => "#,0" }, CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value switch
    {
        0 => "0",
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{value * 1000:0.##} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{value * 1000:0.#} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} s"),
    };

    private static long Round(double bytes) => (long)Math.Clamp(Math.Round(bytes), 0, MostBytes);
}
