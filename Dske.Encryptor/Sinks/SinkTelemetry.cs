using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Telemetry;

namespace Dske.Encryptor.Sinks;

/// <summary>The metrics and spans of sinks, beside those of <see cref="EncryptorTelemetry"/>. Safe for concurrent use.</summary>
internal sealed class SinkTelemetry
{
    private static readonly ActivitySource Activities = new(EncryptorTelemetry.Name);

    private readonly Counter<long> _rollOvers;
    private readonly Counter<long> _failures;
    private readonly TimeProvider _time;
    private IReadOnlyList<KeySink> _sinks = [];

    public SinkTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(EncryptorTelemetry.Name);
        _rollOvers = meter.CreateCounter<long>("dske.encryptor.sink.rollovers", "{key}", "Keys that were handed to a sink's equipment.");
        _failures = meter.CreateCounter<long>("dske.encryptor.sink.failures", "{attempt}", "Attempts to establish or hand over a sink's key that failed.");
        meter.CreateObservableGauge("dske.encryptor.sink.key_age", MeasureAges, "s", "How long ago the key that a sink's equipment has was handed over.");
    }

    /// <summary>Says which sinks there are when metrics are collected.</summary>
    public void Watch(IReadOnlyList<KeySink> sinks) => _sinks = sinks;

    /// <summary>Begins the span of a hand-over. Dispose it at its end.</summary>
    public static Activity? BeginHandOver(KeySink sink) =>
        Activities.StartActivity("hand-over")?.SetTag("dske.sink", sink.Name).SetTag("dske.peer", sink.Settings.Peer.SaeId.Value);

    /// <summary>Counts a key that was handed over.</summary>
    public void CountRollOver(KeySink sink, KeyRole role)
    {
        var tags = TagsOf(sink);
        tags.Add("dske.role", role == KeyRole.Initiator ? "initiator" : "responder");
        _rollOvers.Add(1, tags);
    }

    /// <summary>Counts an attempt that failed.</summary>
    public void CountFailure(KeySink sink, SinkStep step, string type)
    {
        var tags = TagsOf(sink);
        tags.Add("dske.step", step == SinkStep.Establish ? "establish" : "hand-over");
        tags.Add("error.type", type);
        _failures.Add(1, tags);
    }

    // Of a sink that has handed nothing over there is nothing to say.
    private IEnumerable<Measurement<double>> MeasureAges() => _sinks
        .Select(static sink => (Sink: sink, sink.Status))
        .Where(static measured => measured.Status.HandedOver is not null)
        .Select(measured => new Measurement<double>(
            _time.GetElapsedTime(measured.Status.HandedOverTimestamp).TotalSeconds,
            new("dske.sink", measured.Sink.Name),
            new("dske.peer", measured.Sink.Settings.Peer.SaeId.Value)));

    private static TagList TagsOf(KeySink sink) => new() { { "dske.sink", sink.Name }, { "dske.peer", sink.Settings.Peer.SaeId.Value } };
}
