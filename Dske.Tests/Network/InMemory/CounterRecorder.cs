using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Dske.Tests.Network.InMemory;

/// <summary>Records what is added to one counter, wherever in the process.</summary>
internal sealed class CounterRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(long Value, IReadOnlyDictionary<string, object?> Tags)> _measurements = new();

    public CounterRecorder(string meter, string counter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && instrument.Name == counter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _measurements.Enqueue((value, tags.ToArray().ToDictionary())));
        _listener.Start();
    }

    /// <summary>What was added so far, with its tags.</summary>
    public IReadOnlyCollection<(long Value, IReadOnlyDictionary<string, object?> Tags)> Measurements => _measurements;

    public void Dispose() => _listener.Dispose();
}
