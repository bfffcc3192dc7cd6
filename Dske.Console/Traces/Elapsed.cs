using System.Globalization;

namespace Dske.Console.Traces;

/// <summary>Durations as the pages write them.</summary>
public static class Elapsed
{
    /// <summary>A duration in a unit that fits: 0.4 ms, 12.3 ms, 1.25 s.</summary>
    /// <param name="duration">The duration, zero or more.</param>
    public static string Of(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.00} ms"),
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.0} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s"),
    };
}
