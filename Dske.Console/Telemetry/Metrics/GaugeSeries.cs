namespace Dske.Console.Telemetry.Metrics;

/// <summary>A number that stands for itself: the last one of each slot, and by how much it fell.</summary>
internal sealed class GaugeSeries(SeriesKey key) : Series(key)
{
    public override long Bytes => 2 * Slots.Bytes;

    /// <summary>The last number.</summary>
    public double Last { get; private set; } = double.NaN;

    /// <summary>The last number of each slot; not a number where nothing was reported.</summary>
    public Slots Levels { get; } = new(double.NaN);

    /// <summary>By how much the number fell in each slot, rises left aside: what was taken from a stock that is filled up now and then.</summary>
    public Slots Falls { get; } = new(0);

    public override bool Accepts(in MetricSample sample) => sample.Kind == MetricKind.Gauge;

    protected override void Take(in MetricSample sample, long from, long slot, bool fromZero)
    {
        var fall = Last > sample.Value ? Last - sample.Value : 0;
        for (var i = from; i <= slot; i++)
        {
            Falls.Add(i, fall / (slot - from + 1));
        }

        Levels.Set(slot, sample.Value);
        Last = sample.Value;
    }
}
