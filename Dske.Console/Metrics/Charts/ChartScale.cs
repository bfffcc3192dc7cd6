namespace Dske.Console.Metrics.Charts;

/// <summary>The upright axis of a chart: from 0 up to a round number, with a few round ones between.</summary>
/// <param name="Top">The number at the top; more than 0.</param>
/// <param name="Ticks">The numbers that are written beside it, from 0 up to the top.</param>
public sealed record ChartScale(double Top, IReadOnlyList<double> Ticks)
{
    private const int MostSteps = 4;

    /// <summary>A scale that has room for a number.</summary>
    /// <param name="most">The greatest number; what is not finite or not above 0 stands for nothing at all.</param>
    /// <param name="unit">What it is: bytes are rounded to powers of two.</param>
    public static ChartScale Of(double most, ChartUnit unit)
    {
        var isBinary = unit is ChartUnit.Bytes or ChartUnit.BytesPerSecond;
        var least = unit switch { ChartUnit.PerSecond => 1, ChartUnit.Seconds => 0.01, _ => 1024 };
        var wanted = Math.Max(double.IsFinite(most) ? most : 0, least) / MostSteps;
        var step = isBinary ? Math.Pow(2, Math.Ceiling(Math.Log2(wanted))) : RoundUp(wanted);
        // What a computation leaves beyond a round number is not worth another step.
        var steps = Math.Max(1, (int)Math.Ceiling((wanted * MostSteps / step) - 1e-9));
        return new ChartScale(steps * step, [.. Enumerable.Range(0, steps + 1).Select(i => i * step)]);
    }

    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var digit = value / power;
        return power * (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10);
    }
}
