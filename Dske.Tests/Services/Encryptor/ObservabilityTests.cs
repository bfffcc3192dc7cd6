using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Encryptor;

[Trait("Tier", "Services")]
public sealed class ObservabilityTests
{
    [Fact]
    public async Task An_establishment_is_one_trace_through_both_encryptors_and_both_KMEs()
    {
        await using var pair = await EncryptorPair.StartAsync();
        var traceParents = new ConcurrentQueue<string>();
        pair.Kme.Interceptor = context =>
        {
            traceParents.Enqueue(context.Request.Headers.TraceParent.ToString());
            return Task.FromResult(false);
        };
        using var spans = new SpanCollector("Dske.Encryptor");
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        root.Start();

        Assert.Equal(HttpStatusCode.OK, (await pair.EstablishAsync(new { peer = "sofia", number = 2 })).StatusCode);

        var trace = spans.Of(root.TraceId);
        var establish = Assert.Single(trace, span => span.OperationName == "establish");
        var offer = Assert.Single(trace, span => span.OperationName == "offer");
        Assert.Equal("sofia", establish.GetTagItem("dske.peer"));
        Assert.Equal("sam", offer.GetTagItem("dske.peer"));
        Assert.Equal(2, offer.GetTagItem("dske.key.count"));
        Assert.Equal(2, traceParents.Count);
        Assert.All(traceParents, parent => Assert.Contains(root.TraceId.ToHexString(), parent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_are_counted_as_established_or_by_the_reason_of_their_failure()
    {
        await using var pair = await EncryptorPair.StartAsync();
        using var measured = new MeasurementCollector(pair.Sam.Services.GetRequiredService<IMeterFactory>());

        await pair.EstablishAsync(new { peer = "sofia", number = 3 });
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, "{}");
        await pair.EstablishAsync(new { peer = "sofia", number = 2 });

        var success = Assert.Single(measured.Of("dske.encryptor.keys.established"));
        Assert.Equal((3, "initiator", "sofia"), (success.Value, success.Tags["dske.role"], success.Tags["dske.peer"]));
        var failure = Assert.Single(measured.Of("dske.encryptor.keys.failed"));
        Assert.Equal((2, "KmeUnavailable"), (failure.Value, failure.Tags["error.type"]));
        Assert.Equal(2, measured.Of("dske.encryptor.exchange.duration").Count);
    }

    // What the meters of one node measure, and not those of other nodes in this process.
    private sealed class MeasurementCollector : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _all = new();
        private readonly MeterListener _listener = new();

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

        public IReadOnlyList<(double Value, Dictionary<string, object?> Tags)> Of(string name) =>
            [.. _all.Where(measured => measured.Name == name).Select(measured => (measured.Value, measured.Tags))];

        public void Dispose() => _listener.Dispose();

        private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _all.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
    }

    private sealed class SpanCollector : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public SpanCollector(string source)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = candidate => candidate.Name == source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];

        public void Dispose() => _listener.Dispose();
    }
}
