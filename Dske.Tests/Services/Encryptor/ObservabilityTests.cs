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
}
