namespace Dske.Console.Telemetry.Metrics;

/// <summary>The numbers of the last slots, in a ring.</summary>
internal sealed class Slots(double empty)
{
    /// <summary>The memory of one, in bytes, by estimate.</summary>
    public const long Bytes = (MetricWindow.Slots * sizeof(double)) + 64;

    private readonly double[] _values = CreateFilled(empty);
    private long _first = long.MinValue;
    private long _last = long.MinValue;

    /// <summary>The number of a slot, or what an empty one has.</summary>
    public double this[long slot] => IsHeld(slot) ? _values[slot % MetricWindow.Slots] : empty;

    /// <summary>Whether anything was written in the slot's time or before it, and the slot is still here.</summary>
    public bool HasBegun(long slot) => _first != long.MinValue && slot >= _first;

    public void Set(long slot, double value)
    {
        if (Reach(slot))
        {
            _values[slot % MetricWindow.Slots] = value;
        }
    }

    public void Add(long slot, double value)
    {
        if (Reach(slot))
        {
            ref var sum = ref _values[slot % MetricWindow.Slots];
            sum = double.IsNaN(sum) ? value : sum + value;
        }
    }

    private bool IsHeld(long slot) => _last != long.MinValue && slot <= _last && slot > _last - MetricWindow.Slots && slot >= 0;

    /// <summary>Goes on to a slot, and empties those between. One that is over for too long is not reached any more.</summary>
    private bool Reach(long slot)
    {
        if (_last == long.MinValue)
        {
            (_first, _last) = (slot, slot);
            return true;
        }

        if (slot <= _last)
        {
            _first = Math.Min(_first, slot);
            return IsHeld(slot);
        }

        for (var next = Math.Max(_last + 1, slot - MetricWindow.Slots + 1); next <= slot; next++)
        {
            _values[next % MetricWindow.Slots] = empty;
        }

        _last = slot;
        return true;
    }

    private static double[] CreateFilled(double value)
    {
        var values = new double[MetricWindow.Slots];
        Array.Fill(values, value);
        return values;
    }
}
