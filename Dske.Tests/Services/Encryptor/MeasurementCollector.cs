using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Dske.Tests.Services.Encryptor;

/// <summary>What the meters of one encryptor measure, and not those of other nodes in this process.</summary>
internal sealed class MeasurementCollector : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _all = new();
    private readonly MeterListener _listener = new();

    /// <param name="node">The encryptor's factory of meters.</param>
    public MeasurementCollector(IMeterFactory node)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Dske.Encryptor" && instrument.Meter.Scope == node)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Everything that an instrument measured.</summary>
    public IReadOnlyList<(double Value, Dictionary<string, object?> Tags)> Of(string name) =>
        [.. _all.Where(measured => measured.Name == name).Select(measured => (measured.Value, measured.Tags))];

    /// <summary>What a counter has counted.</summary>
    /// <param name="name">The counter.</param>
    /// <param name="tags">Tags that the measurements have, as <c>name=value</c>.</param>
    public double SumOf(string name, params string[] tags) => Of(name).Where(measured => Has(measured.Tags, tags)).Sum(static measured => measured.Value);

    /// <summary>What an instrument that is asked says now; null when it says nothing with such tags.</summary>
    /// <param name="name">The instrument.</param>
    /// <param name="tags">Tags that the measurement has, as <c>name=value</c>.</param>
    public double? Observe(string name, params string[] tags)
    {
        var before = _all.Count;
        _listener.RecordObservableInstruments();
        return _all.Skip(before)
            .Where(measured => measured.Name == name && Has(measured.Tags, tags))
            .Select(static measured => (double?)measured.Value)
            .LastOrDefault();
    }

    public void Dispose() => _listener.Dispose();

    private static bool Has(Dictionary<string, object?> tags, string[] wanted) => wanted.All(tag => tags.Any(had => $"{had.Key}={had.Value}" == tag));

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
