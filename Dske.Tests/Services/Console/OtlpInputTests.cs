using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Dske.Console.Otlp;
using Dske.Console.Otlp.Wire;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Logs;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using LogRecord = Dske.Console.Otlp.Wire.LogRecord;
using TraceFilter = Dske.Console.Telemetry.Traces.TraceFilter;

namespace Dske.Tests.Services.Console;

/// <summary>Whatever is sent to the console's OTLP is taken, cut or refused; never is it an error of the console's.</summary>
[Trait("Tier", "Services")]
public sealed class OtlpInputTests
{
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;

    private static readonly byte[] Garbage = [0x0A, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3];

    [Theory]
    [InlineData("traces")]
    [InlineData("logs")]
    [InlineData("metrics")]
    public async Task What_is_no_message_is_refused_as_bad(string signal)
    {
        await using var host = await OtlpHost.StartAsync();

        using var garbage = await host.PostAsync(signal, Garbage);
        using var text = await host.PostAsync(signal, "{}"u8.ToArray());
        using var empty = await host.PostAsync(signal, []);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK), (garbage.StatusCode, text.StatusCode, empty.StatusCode));
        Assert.Equal("application/problem+json", garbage.Content.Headers.ContentType!.MediaType);
        Assert.Equal("application/x-protobuf", empty.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("trace.v1.TraceService")]
    [InlineData("logs.v1.LogsService")]
    [InlineData("metrics.v1.MetricsService")]
    public async Task What_is_no_message_is_an_invalid_argument_of_gRPC(string service)
    {
        await using var host = await OtlpHost.StartAsync();

        Assert.Equal((HttpStatusCode.OK, InvalidArgument), await OtlpHost.CallAsync(host.GrpcUrl, service, Garbage));
        Assert.Equal((HttpStatusCode.OK, 0), await OtlpHost.CallAsync(host.GrpcUrl, service, []));
        Assert.Equal((HttpStatusCode.OK, ResourceExhausted), await OtlpHost.CallAsync(host.GrpcUrl, service, new byte[OtlpLimits.MaxMessageBytes + 1]));
    }

    [Fact]
    public async Task A_message_of_gRPC_is_decompressed_but_not_without_bound()
    {
        await using var host = await OtlpHost.StartAsync();
        const string Service = "trace.v1.TraceService";

        var taken = await OtlpHost.CallAsync(host.GrpcUrl, Service, Compress(OtlpMessages.Spans("hank", OtlpMessages.Span(1, 1)).ToByteArray()), isCompressed: true);
        var bomb = await OtlpHost.CallAsync(host.GrpcUrl, Service, Compress(new byte[64 * 1024 * 1024]), isCompressed: true);

        Assert.Equal((HttpStatusCode.OK, 0), taken);
        Assert.Equal((HttpStatusCode.OK, ResourceExhausted), bomb);
        Assert.Equal(1, host.Traces.Counts.Held);
    }

    [Fact]
    public async Task Other_types_and_compressions_are_refused_as_such()
    {
        await using var host = await OtlpHost.StartAsync();

        using var json = await host.PostAsync("traces", "{}"u8.ToArray(), "application/json");
        using var brotli = await host.PostAsync("traces", [], encoding: "br");
        using var noGzip = await host.PostAsync("traces", [1, 2, 3, 4], encoding: "gzip");
        using var get = await host.Client.GetAsync(new Uri("/v1/traces", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(
            [HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed],
            [json.StatusCode, brotli.StatusCode, noGzip.StatusCode, get.StatusCode]);
    }

    [Fact]
    public async Task A_body_is_decompressed_but_not_without_bound()
    {
        await using var host = await OtlpHost.StartAsync();

        using var taken = await host.PostAsync("traces", Compress(OtlpMessages.Spans("hank", OtlpMessages.Span(1, 1)).ToByteArray()), encoding: "gzip");
        using var bomb = await host.PostAsync("traces", Compress(new byte[64 * 1024 * 1024]), encoding: "gzip");
        using var large = await host.PostAsync("traces", new byte[OtlpLimits.MaxMessageBytes + 1]);

        // Asks before it sends: the refusal comes at once, and closes the connection.
        host.Client.DefaultRequestHeaders.ExpectContinue = true;
        using var larger = await host.PostAsync("traces", new byte[2 * OtlpLimits.MaxMessageBytes]);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.All([bomb, large, larger], answer => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode));
        Assert.Equal(1, host.Traces.Counts.Held);
    }

    [Fact]
    public async Task A_small_message_that_would_become_a_huge_one_is_refused()
    {
        await using var host = await OtlpHost.StartAsync();
        // Empty spans, each of two bytes.
        var spans = Enumerable.Repeat((byte[])[0x12, 0], OtlpLimits.MaxParts).SelectMany(bytes => bytes).ToArray();
        var scope = Field(2, spans);
        var value = new AnyValue { StringValue = "deep" };
        for (var i = 0; i < 20; i++)
        {
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
        }

        var deep = OtlpMessages.Span(1, 1);
        deep.Attributes.Add(new KeyValue { Key = "deep", Value = value });
        using var many = await host.PostAsync("traces", Field(1, scope));
        using var nested = await host.PostAsync("traces", OtlpMessages.Spans("hank", deep));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (many.StatusCode, nested.StatusCode));
        Assert.Equal(0, host.Traces.Counts.Rejected);
    }

    [Fact]
    public async Task Either_protocol_answers_at_its_own_port_alone()
    {
        await using var host = await OtlpHost.StartAsync();
        using var http2 = new HttpClient { BaseAddress = host.GrpcUrl, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new("application/x-protobuf") } };

        using var httpAtGrpc = await http2.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export") { Content = new ByteArrayContent(new byte[5]) };
        request.Content.Headers.ContentType = new("application/grpc");
        using var grpcAtHttp = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (httpAtGrpc.StatusCode, grpcAtHttp.StatusCode));
    }

    [Fact]
    public async Task Spans_without_valid_IDs_are_counted_as_rejected_and_the_others_are_taken()
    {
        await using var host = await OtlpHost.StartAsync();
        var noTrace = OtlpMessages.Span(1, 1);
        noTrace.TraceId = ByteString.CopyFrom(1, 2, 3);
        var noSpan = OtlpMessages.Span(1, 1);
        noSpan.SpanId = ByteString.CopyFrom(new byte[8]);

        using var answer = await host.PostAsync("traces", OtlpMessages.Spans("hank", noTrace, OtlpMessages.Span(1, 2), noSpan));

        var response = ExportTraceServiceResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, response.PartialSuccess.RejectedSpans);
        Assert.NotEmpty(response.PartialSuccess.ErrorMessage);
        Assert.Equal((1, 1, 2), (host.Traces.Counts.Received, host.Traces.Counts.Held, host.Traces.Counts.Rejected));
    }

    [Fact]
    public async Task What_is_long_is_cut_and_what_is_many_is_left_off_and_odd_times_are_taken()
    {
        await using var host = await OtlpHost.StartAsync();
        var span = OtlpMessages.Span(1, 1, new string('n', 100_000));
        span.Attributes.Add(Enumerable.Range(0, 1000).Select(i => OtlpMessages.Attribute($"a{i}", i == 0 ? new string('v', 2046) + "😀😀" : "v")));
        span.Events.Add(Enumerable.Range(0, 1000).Select(_ => new Dske.Console.Otlp.Wire.Span.Types.Event { TimeUnixNano = ulong.MaxValue }));
        span.StartTimeUnixNano = ulong.MaxValue;
        span.EndTimeUnixNano = 0;
        span.Kind = int.MaxValue;
        span.Status = new Dske.Console.Otlp.Wire.Status { Code = -5 };
        span.DroppedAttributesCount = uint.MaxValue;
        var record = new LogRecord { Body = new AnyValue { KvlistValue = new KeyValueList { Values = { OtlpMessages.Attribute("k", "v"), new KeyValue() } } }, SeverityNumber = 99 };

        using var spans = await host.PostAsync("traces", OtlpMessages.Spans("", span));
        using var logs = await host.PostAsync("logs", OtlpMessages.Logs("hank", record));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (spans.StatusCode, logs.StatusCode));
        var kept = host.Traces.Get(host.Traces.Find(new TraceFilter()).Items[0].Id)!.Rows[0].Span;
        Assert.Equal((TelemetryLimits.MaxNameLength, TelemetryLimits.MaxAttributes, TelemetryLimits.MaxEvents, "unknown"), (kept.Name.Length, kept.Attributes.Count, kept.Events.Count, kept.Node));
        Assert.Equal(new string('v', 2046) + "…", kept.Attributes[0].Value);
        Assert.Equal((int.MaxValue, TimeSpan.Zero), (kept.LeftOff, kept.Duration));
        Assert.Equal("{k=v, =}", Assert.Single(host.Logs.Find(new LogFilter()).Items).Message);
    }

    [Fact]
    public async Task Numbers_that_make_no_sense_are_rejected()
    {
        await using var host = await OtlpHost.StartAsync();
        static Metric Gauge(NumberDataPoint point) => new() { Name = "dske.gauge", Gauge = new Gauge { DataPoints = { point } } };
        static Metric Buckets(ulong[] counts, double[] bounds) => new()
        {
            Name = "dske.buckets",
            Histogram = new Histogram { AggregationTemporality = AggregationTemporality.Cumulative, DataPoints = { new HistogramDataPoint { BucketCounts = { counts }, ExplicitBounds = { bounds } } } },
        };
        var tooManyAttributes = new NumberDataPoint { AsInt = 1 };
        tooManyAttributes.Attributes.Add(Enumerable.Range(0, 100).Select(i => OtlpMessages.Attribute($"a{i}", "v")));

        using var answer = await host.PostAsync("metrics", OtlpMessages.Metrics(
            "hank",
            Gauge(new NumberDataPoint()),
            Gauge(new NumberDataPoint { AsDouble = double.NaN }),
            Gauge(tooManyAttributes),
            Buckets([], []),
            Buckets([1, 2], []),
            Buckets([1, 2, 3], [2, 1]),
            Buckets([1, 2], [double.PositiveInfinity]),
            Buckets([ulong.MaxValue, 1], [1]),
            Buckets([.. Enumerable.Repeat(1ul, 100)], [.. Enumerable.Range(1, 99).Select(i => (double)i)]),
            Gauge(new NumberDataPoint { AsDouble = double.MaxValue })));

        var response = ExportMetricsServiceResponse.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((9, 1), (response.PartialSuccess.RejectedDataPoints, host.Metrics.Counts.Held));
    }

    [Fact]
    public async Task Receiving_telemetry_makes_none()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var host = await OtlpHost.StartAsync(add: builder => builder.Services.ConfigureOpenTelemetryTracerProvider(
            tracing => tracing.AddProcessor(new Recorder(seen))));

        using var http = await host.PostAsync("traces", []);
        await OtlpHost.CallAsync(host.GrpcUrl, "trace.v1.TraceService", []);
        using var other = await host.Client.GetAsync(new Uri("/nowhere", UriKind.Relative), TestContext.Current.CancellationToken);
        await host.DisposeAsync();

        var own = seen.Where(path => path.StartsWith($"{host.HttpUrl.Port} ", StringComparison.Ordinal) || path.StartsWith($"{host.GrpcUrl.Port} ", StringComparison.Ordinal));
        Assert.Equal([$"{host.HttpUrl.Port} /nowhere"], own);
    }

    [Fact]
    public async Task Fifty_thousand_spans_stay_within_bounds_and_what_had_to_go_is_counted()
    {
        var limits = new TelemetryLimits { MaxSpans = 8_000, MaxTraceBytes = 8 * 1024 * 1024 };
        await using var host = await OtlpHost.StartAsync(limits);

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (batch, _) =>
        {
            using var answer = await host.PostAsync("traces", OtlpMessages.Spans($"node{batch % 15}", Enumerable.Range(0, 500).Select(i =>
            {
                var span = OtlpMessages.Span((ulong)((batch * 10) + (i % 10) + 1), (ulong)i + 1, "dske.share.relay");
                span.Attributes.Add([OtlpMessages.Attribute("dske.hub", $"hub{i % 16}"), OtlpMessages.Attribute("dske.key.id", Guid.Empty.ToString()), OtlpMessages.Attribute("url.full", $"http://localhost:{i}/hub/key-share/{batch}")]);
                return span;
            })));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.InRange(host.Traces.Counts.Bytes, 0, limits.MaxTraceBytes);
        });

        var counts = host.Traces.Counts;
        Assert.Equal((50_000, 0), (counts.Received, counts.Rejected));
        Assert.Equal(50_000, counts.Held + counts.Dropped);
        Assert.InRange(counts.Held, 7_900, 8_000);
        Assert.All(host.Traces.Find(new TraceFilter { Take = 1000 }).Items, summary => Assert.Equal(50, summary.SpanCount));
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>A field of a message, which holds bytes.</summary>
    private static byte[] Field(int number, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return bytes.ToArray();
    }

    private sealed class Recorder(System.Collections.Concurrent.ConcurrentQueue<string> seen) : OpenTelemetry.BaseProcessor<Activity>
    {
        // Activity sources serve the whole process: requests of other tests' nodes are told apart by the port.
        public override void OnEnd(Activity data)
        {
            if (data.Kind == ActivityKind.Server)
            {
                seen.Enqueue($"{data.GetTagItem("server.port")} {data.GetTagItem("url.path")}");
            }
        }
    }
}
