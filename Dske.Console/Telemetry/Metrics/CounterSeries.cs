namespace Dske.Console.Telemetry.Metrics;

/// <summary>A number that only grows: by how much in each slot.</summary>
internal sealed class CounterSeries(SeriesKey key) : Series(key)
{
    private double _last;
    private ulong _start;
    private bool _isKnown;

    public override long Bytes => Slots.Bytes;

    /// <summary>By how much it grew in each slot.</summary>
    public Slots Growth { get; } = new(0);

    public override bool Accepts(in MetricSample sample) => sample.Kind == MetricKind.Counter && sample.Value >= 0;

    protected override void Take(in MetricSample sample, long from, long slot, bool fromZero)
    {
        // A smaller number, or a later start, is that of a node that was started anew.
        var growth = sample.IsDelta ? sample.Value
            : !_isKnown ? (fromZero ? sample.Value : 0)
            : sample.Value < _last || sample.StartNanoseconds > _start ? sample.Value
            : sample.Value - _last;
        for (var i = from; i <= slot; i++)
        {
            Growth.Add(i, growth / (slot - from + 1));
        }

        (_last, _start, _isKnown) = (sample.Value, sample.StartNanoseconds, true);
    }
}
