using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dske.Protocol.Clients;

/// <summary>Spans and metrics of a client. Names of nodes, keys and outcomes only; never a byte of PSRD, of a share or of a key.</summary>
/// <remarks>Safe for concurrent use. One for each engine, so that its gauges end with it.</remarks>
public sealed class ClientMetrics : IDisposable
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string SourceName = "Dske.Client";

    private readonly Meter _meter = new(SourceName);
    private readonly string _client;
    private readonly Counter<long> _keys;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _shares;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _setBack;
    private readonly Counter<long> _syncs;
    private readonly Counter<long> _wrongShares;

    internal ClientMetrics(string client, Func<IEnumerable<Measurement<long>>> psrdAvailable)
    {
        _client = client;
        _keys = _meter.CreateCounter<long>("dske.client.keys", "{key}", "Keys established (master side) and delivered (slave side), by role and outcome.");
        _duration = _meter.CreateHistogram<double>(
            "dske.client.key.duration",
            "s",
            "How long an encryptor waited for its keys.",
            advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        _shares = _meter.CreateCounter<long>("dske.client.shares", "{share}", "Shares relayed to and collected from hubs, by hub, operation and outcome.");
        _faults = _meter.CreateCounter<long>("dske.client.faults", "{fault}", "What went wrong here and is nobody else's fault, by hub and type of exception.");
        _setBack = _meter.CreateCounter<long>("dske.client.set_back", "{link}", "Links whose PSRD in this client's storage turned out to be an older copy: an alarm.");
        _syncs = _meter.CreateCounter<long>("dske.client.syncs", "{sync}", "Agreements with hubs on blocks and positions, by hub and outcome.");
        _wrongShares = _meter.CreateCounter<long>(
            "dske.client.hubs.accusations", "{accusation}", "Shares that did not fit their key, by hub: it lied, or who made the key did.");
        _meter.CreateObservableGauge("dske.client.psrd.available", psrdAvailable, "By", "Unused PSRD, by hub and owner.");
    }

    /// <summary>The spans.</summary>
    public static ActivitySource Activities { get; } = new(SourceName);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    internal void CountKeys(string role, int number, string outcome, TimeSpan duration)
    {
        var tags = new TagList { { "dske.client", _client }, { "dske.role", role }, { "dske.outcome", outcome } };
        _keys.Add(number, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    /// <summary>Makes a fault known that is contained to one link, or to one request: the others go on.</summary>
    internal void ReportFault(string? hub, Exception fault)
    {
        _faults.Add(1, new TagList { { "dske.client", _client }, { "dske.hub", hub }, { "error.type", fault.GetType().FullName } });
        using var activity = Activities.StartActivity("dske.link.fault");
        activity?.SetTag("dske.client", _client).SetTag("dske.hub", hub).SetStatus(ActivityStatusCode.Error).AddException(fault);
    }

    /// <summary>Sounds the alarm over a link whose PSRD in this client's storage turned out to be an older copy.</summary>
    internal void CountSetBack(string hub) => _setBack.Add(1, new TagList { { "dske.client", _client }, { "dske.hub", hub } });

    internal void CountSync(string hub, string outcome)
        => _syncs.Add(1, new TagList { { "dske.client", _client }, { "dske.hub", hub }, { "dske.outcome", outcome } });

    /// <summary>Counts the accusations of hubs and shows which are suspect, until disposal.</summary>
    internal void Observe(HubReputation reputation)
    {
        reputation.Accused += (_, accusation) => _wrongShares.Add(
            1, new TagList { { "dske.client", _client }, { "dske.hub", accusation.Hub.Value } });
        _meter.CreateObservableGauge("dske.client.hubs.suspect", MeasureSuspects, "{hub}", "1 for a hub whose shares are tried last, since it seems to lie, otherwise 0.");

        IEnumerable<Measurement<int>> MeasureSuspects() => reputation.Hubs.Select((hub, index) => new Measurement<int>(
            reputation.IsSuspect(index) ? 1 : 0,
            new KeyValuePair<string, object?>("dske.client", _client),
            new KeyValuePair<string, object?>("dske.hub", hub.Value)));
    }

    internal void CountShares(string hub, string operation, string outcome, int count)
        => _shares.Add(count, new TagList { { "dske.client", _client }, { "dske.hub", hub }, { "dske.operation", operation }, { "dske.outcome", outcome } });
}
