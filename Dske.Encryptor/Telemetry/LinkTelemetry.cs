using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dske.Encryptor.Links;
using Dske.Protocol.Identifiers;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Telemetry;

/// <summary>The spans and metrics of secure links, under the encryptor's name. Safe for concurrent use.</summary>
internal sealed class LinkTelemetry
{
    private static readonly ActivitySource Activities = new(EncryptorTelemetry.Name);

    private readonly Counter<long> _epochs;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;
    private Func<IEnumerable<Link>> _links = static () => [];

    public LinkTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(EncryptorTelemetry.Name);
        _epochs = meter.CreateCounter<long>("dske.encryptor.link.roll_overs", "{epoch}", "Epochs that both ends of a link confirmed.");
        _failures = meter.CreateCounter<long>("dske.encryptor.link.failures", "{attempt}", "Attempts to agree on an epoch that came to nothing.");
        _duration = meter.CreateHistogram<double>(
            "dske.encryptor.link.roll_over.duration",
            "s",
            "How long it took at this end to agree on an epoch.",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        meter.CreateObservableGauge("dske.encryptor.link.up", () => Measure(static link => link.Describe().State is LinkState.Up or LinkState.Stale ? 1L : 0), "{link}", "Whether a link has keys.");
        meter.CreateObservableGauge("dske.encryptor.link.epoch", () => Measure(static link => link.Session?.Epoch ?? 0), "{epoch}", "The epoch of a link.");
        meter.CreateObservableGauge("dske.encryptor.link.streams", () => Measure(static link => (long)(link.Session?.StreamCount ?? 0)), "{stream}", "Streams that are open.");
        meter.CreateObservableGauge("dske.encryptor.link.next_roll_over", MeasureNext, "s", "How long until fresh keys are due.");
        meter.CreateObservableCounter("dske.encryptor.link.bytes", MeasureBytes, "By", "What went over a link, without what sealing adds.");
        meter.CreateObservableCounter("dske.encryptor.link.pauses", () => Measure(static link => link.Counters.Pauses), "{pause}", "How often a sender had no key to go on with.");
        meter.CreateObservableCounter("dske.encryptor.link.rejected", MeasureRejected, "{message}", "Records and hellos that were refused.");
    }

    /// <summary>Says where to look for links when metrics are collected.</summary>
    public void Watch(Func<IEnumerable<Link>> links) => _links = links;

    /// <summary>Begins the span of an agreement. Dispose it at its end.</summary>
    public EpochSpan BeginEpoch(LinkRole role, SaeId peer) => new(this, role, peer);

    private IEnumerable<Measurement<long>> Measure(Func<Link, long> value) => _links().Select(link => new Measurement<long>(value(link), PeerOf(link)));

    private IEnumerable<Measurement<double>> MeasureNext() => _links()
        .Select(link => (Link: link, Next: LinkReport.UntilRollOver(link, _time)))
        .Where(static measured => measured.Next is not null)
        .Select(measured => new Measurement<double>(measured.Next!.Value, PeerOf(measured.Link)));

    private IEnumerable<Measurement<long>> MeasureBytes() => _links().SelectMany(static link => new[]
    {
        new Measurement<long>(link.Counters.Sent, PeerOf(link), new("dske.direction", "sent")),
        new Measurement<long>(link.Counters.Received, PeerOf(link), new("dske.direction", "received")),
    });

    private IEnumerable<Measurement<long>> MeasureRejected() => _links().SelectMany(static link =>
        link.Counters.Rejected.Select(rejected => new Measurement<long>(rejected.Value, PeerOf(link), new("error.type", rejected.Key))));

    private static KeyValuePair<string, object?> PeerOf(Link link) => new("dske.peer", link.Peer.SaeId.Value);

    /// <summary>One agreement being observed. Disposed without a verdict, it counts as cancelled.</summary>
    internal sealed class EpochSpan : IDisposable
    {
        private readonly LinkTelemetry _telemetry;
        private readonly Activity? _activity;
        private readonly TagList _tags;
        private readonly long _started;
        private string? _failure = "cancelled";

        public EpochSpan(LinkTelemetry telemetry, LinkRole role, SaeId peer)
        {
            (_telemetry, _started) = (telemetry, telemetry._time.GetTimestamp());
            var name = role == LinkRole.Initiator ? "initiator" : "responder";
            _tags = new TagList { { "dske.role", name }, { "dske.peer", peer.Value } };
            _activity = Activities.StartActivity("link epoch");
            _activity?.SetTag("dske.role", name).SetTag("dske.peer", peer.Value);
        }

        /// <summary>Both ends hold the epoch's keys.</summary>
        /// <param name="epoch">The number of the epoch; null when the link has ended meanwhile.</param>
        public void Succeed(long? epoch)
        {
            _failure = null;
            _activity?.SetTag("dske.link.epoch", epoch);
        }

        /// <summary>They do not.</summary>
        /// <param name="why">Why, in words.</param>
        public void Fail(string why) => _failure = why;

        public void Dispose()
        {
            if (_failure is null)
            {
                _telemetry._epochs.Add(1, _tags);
                _telemetry._duration.Record(_telemetry._time.GetElapsedTime(_started).TotalSeconds, _tags);
            }
            else
            {
                _telemetry._failures.Add(1, _tags);
                _activity?.SetStatus(ActivityStatusCode.Error, _failure);
            }

            _activity?.Dispose();
        }
    }
}
