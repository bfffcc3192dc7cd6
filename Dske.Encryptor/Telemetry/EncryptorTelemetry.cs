using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Telemetry;

/// <summary>The encryptor's spans and metrics, under the name <see cref="Name"/>. Safe for concurrent use.</summary>
internal sealed class EncryptorTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Dske.Encryptor";

    private static readonly ActivitySource Activities = new(Name);

    private readonly Counter<long> _established;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;

    public EncryptorTelemetry(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(Name);
        _established = meter.CreateCounter<long>("dske.encryptor.keys.established", "{key}", "Keys that both ends proved to hold.");
        _failed = meter.CreateCounter<long>("dske.encryptor.keys.failed", "{key}", "Keys asked for or offered in vain, by reason.");
        _duration = meter.CreateHistogram<double>(
            "dske.encryptor.exchange.duration",
            "s",
            "How long an exchange took at this end.",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        _time = time;
    }

    /// <summary>Begins the span of an exchange, <c>establish</c> or <c>offer</c>. Dispose it at its end.</summary>
    public ExchangeSpan Begin(KeyRole role, SaeId peer, int number) => new(this, role, peer, number);

    /// <summary>One exchange being observed. Disposed without a verdict, it counts as cancelled.</summary>
    internal sealed class ExchangeSpan : IDisposable
    {
        private const string Cancelled = "cancelled";

        private readonly EncryptorTelemetry _telemetry;
        private readonly Activity? _activity;
        private readonly string _role;
        private readonly string _peer;
        private readonly int _number;
        private readonly long _started;
        private string? _failure = Cancelled;

        public ExchangeSpan(EncryptorTelemetry telemetry, KeyRole role, SaeId peer, int number)
        {
            _telemetry = telemetry;
            _role = role == KeyRole.Initiator ? "initiator" : "responder";
            _peer = peer.Value;
            _number = number;
            _started = telemetry._time.GetTimestamp();
            _activity = Activities.StartActivity(role == KeyRole.Initiator ? "establish" : "offer");
            _activity?.SetTag("dske.peer", _peer).SetTag("dske.key.count", number);
        }

        /// <summary>The exchange established its keys.</summary>
        public void Succeed() => _failure = null;

        /// <summary>The exchange came to nothing.</summary>
        public void Fail(ExchangeFailure failure) => _failure = failure.ToString();

        public void Dispose()
        {
            var tags = new TagList { { "dske.role", _role }, { "dske.peer", _peer } };
            if (_failure is null)
            {
                _telemetry._established.Add(_number, tags);
            }
            else
            {
                tags.Add("error.type", _failure);
                _telemetry._failed.Add(_number, tags);
                _activity?.SetTag("error.type", _failure).SetStatus(ActivityStatusCode.Error);
            }

            _telemetry._duration.Record(_telemetry._time.GetElapsedTime(_started).TotalSeconds, tags);
            _activity?.Dispose();
        }
    }
}
