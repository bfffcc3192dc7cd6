using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dske.Console.Telemetry.Logs;
using Dske.Console.Telemetry.Traces;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = Dske.Console.Telemetry.Traces.SpanKind;
using TraceFilter = Dske.Console.Telemetry.Traces.TraceFilter;

namespace Dske.Tests.Services.Console;

/// <summary>What the exporters of our nodes send arrives, over either protocol.</summary>
[Trait("Tier", "Services")]
public sealed class OtlpExporterTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Spans_arrive_with_all_that_they_tell(OtlpExportProtocol protocol)
    {
        await using var host = await OtlpHost.StartAsync();
        using var source = new ActivitySource($"Dske.Spans.{protocol}");
        using var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("carol"))
            .AddSource(source.Name)
            .AddOtlpExporter(options => Direct(options, host, protocol, "traces"))
            .Build();
        var keyId = Guid.Parse("3fa85f64-5717-4562-b3fc-2c963f66afa6");

        using (var establish = source.StartActivity("dske.key.establish", ActivityKind.Internal, new ActivityContext(ActivityTraceId.CreateRandom(), default, ActivityTraceFlags.Recorded)))
        {
            establish!.SetTag("dske.key.id", keyId).SetTag("dske.key.count", 3).SetTag("dske.outcome", "Ok");
            using var relay = source.StartActivity("dske.share.relay", ActivityKind.Client);
            relay!.SetTag("dske.hub", "hank").SetTag("dske.share.index", 0).SetTag("dske.psrd.spent", 96L).SetTag("several", new[] { "a", "b" }).SetTag("exact", 0.5).SetTag("true", true);
            relay.SetStatus(ActivityStatusCode.Error, "timeout").AddException(new IOException("disk"));
        }

        Assert.True(provider.ForceFlush());

        var summary = Assert.Single(host.Traces.Find(new TraceFilter()).Items);
        Assert.Equal((keyId.ToString(), 3, true, "carol"), (summary.KeyId, summary.KeyCount, summary.IsEstablishment, Assert.Single(summary.Nodes)));
        Assert.Equal(TraceOutcome.Degraded, summary.Outcome);
        var rows = host.Traces.Get(summary.Id)!.Rows;
        Assert.Equal([0, 1], rows.Select(row => row.Depth));
        var span = rows[1].Span;
        Assert.Equal(("dske.share.relay", SpanKind.Client, SpanStatus.Error, "timeout", source.Name), (span.Name, span.Kind, span.Status, span.StatusMessage, span.Scope));
        Assert.Equal(("0", "96", "[a, b]", "0.5", "true"), (span.Find("dske.share.index"), span.Find("dske.psrd.spent"), span.Find("several"), span.Find("exact"), span.Find("true")));
        Assert.Contains("IOException", Assert.Single(span.Events).Attributes.Single(attribute => attribute.Key == "exception.type").Value, StringComparison.Ordinal);
        Assert.InRange(span.Start, rows[0].Span.Start, rows[0].Span.End);
        Assert.Equal("hank", Assert.Single(host.Traces.GetEstablishment(summary.Id)!.Steps, step => step.ShareIndex == 0).To);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Log_records_arrive_with_their_values_and_their_trace(OtlpExportProtocol protocol)
    {
        await using var host = await OtlpHost.StartAsync();
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (var loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("hank"));
            options.AddOtlpExporter(exporter => Direct(exporter, host, protocol, "logs"));
        })))
        {
            loggers.CreateLogger("Dske.Hub.Shares").LogWarning("Client {Client} is {State}", "carol", "gone");
        }

        var record = Assert.Single(host.Logs.Find(new LogFilter()).Items);
        Assert.Equal(("hank", LogLevel.Warning, "Dske.Hub.Shares", "Client carol is gone"), (record.Node, record.Level, record.Category, record.Message));
        Assert.Equal(("carol", null), (record.Find("Client"), record.Find("{OriginalFormat}")));
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (record.TraceId.ToString(), record.SpanId.ToString()));
        Assert.True(TraceId.TryParse(activity.TraceId.ToHexString(), out var trace));
        Assert.Equal(1, host.Logs.Find(new LogFilter { TraceId = trace }).Total);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Numbers_arrive_and_are_told_as_rates_levels_and_percentiles(OtlpExportProtocol protocol)
    {
        await using var host = await OtlpHost.StartAsync();
        using var meter = new Meter($"Dske.Numbers.{protocol}");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("carol"))
            .AddMeter(meter.Name)
            .AddOtlpExporter((options, _) => Direct(options, host, protocol, "metrics"))
            .Build();
        var keys = meter.CreateCounter<long>("dske.client.keys");
        var duration = meter.CreateHistogram<double>("dske.client.key.duration", advice: new() { HistogramBucketBoundaries = [0.01, 0.1] });
        meter.CreateObservableGauge("dske.client.psrd.available", () => new Measurement<long>(4096, new("dske.client", "carol"), new("dske.hub", "hank"), new("dske.owner", "client")));
        meter.CreateObservableGauge("process.whatever", () => 1);
        TagList tags = new() { { "dske.outcome", "ok" }, { "dske.role", "master" } };
        keys.Add(2, tags);
        duration.Record(0.05, tags);
        Assert.True(provider.ForceFlush());
        keys.Add(5, tags);
        duration.Record(0.05, tags);

        Assert.True(provider.ForceFlush());

        Assert.Equal(("ok", 7.0), host.Metrics.GetKeyRates().Select(rate => (rate.Label, rate.Total)).Single());
        Assert.Equal(4096, Assert.Single(host.Metrics.GetPsrd()).Bytes);
        Assert.Equal(2, host.Metrics.GetLatency().Overall.Count);
        Assert.Equal(0.055, host.Metrics.GetLatency().Overall.P50!.Value, 9);
        Assert.Equal(["carol"], host.Metrics.Nodes);
        Assert.Equal((3, 0, 2), (host.Metrics.Counts.Held, host.Metrics.Counts.Rejected, host.Metrics.Ignored));
    }

    private static void Direct(OtlpExporterOptions options, OtlpHost host, OtlpExportProtocol protocol, string signal)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc ? host.GrpcUrl : new Uri(host.HttpUrl, $"/v1/{signal}");
    }
}
