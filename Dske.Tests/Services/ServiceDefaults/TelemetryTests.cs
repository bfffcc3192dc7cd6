using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
[Collection(nameof(WholeProcess))]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Spans_of_requests_carry_no_query_string()
    {
        var spans = new SpanCollector();
        await using var node = await StartAsync(spans, app => app.MapGet("/in", async (IHttpClientFactory clients, HttpRequest request) =>
        {
            using var http = clients.CreateClient();
            return await http.GetStringAsync(new Uri($"http://{request.Host}/out?key_ID=5eC4e7"));
        }), app => app.MapGet("/out", () => "out"));

        await node.Client.GetStringAsync("/in?key_ID=5eC4e7", TestContext.Current.CancellationToken);
        await node.DisposeAsync();

        Assert.Contains(spans.Of(node), span => span.Kind == ActivityKind.Client && (string?)span.GetTagItem("url.full") == $"{node.Client.BaseAddress}out");
        Assert.Contains(spans.Of(node), span => span.Kind == ActivityKind.Server && (string?)span.GetTagItem("url.path") == "/in");
        Assert.All(spans.Of(node), span => Assert.All(span.TagObjects, tag =>
        {
            Assert.DoesNotContain("key_ID", tag.Value?.ToString() ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("?", tag.Value?.ToString() ?? "", StringComparison.Ordinal);
        }));
    }

    [Fact]
    public async Task Probes_and_API_pages_leave_no_spans()
    {
        var spans = new SpanCollector();
        await using var node = await StartAsync(spans, app => app.MapGet("/work", () => "done"), app => app.MapGet("/hub/hank/mgmt/v1/status", () => "well"));
        foreach (var path in new[] { "/health", "/alive", "/openapi/v1.json", "/scalar/", "/hub/hank/mgmt/v1/status", "/work" })
        {
            await node.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
        }

        await node.DisposeAsync();

        Assert.Equal("/work", Assert.Single(spans.Of(node), span => span.Kind == ActivityKind.Server).GetTagItem("url.path"));
    }

    [Fact]
    public async Task Spans_of_our_own_sources_are_kept()
    {
        var spans = new SpanCollector();
        using var source = new ActivitySource("Dske.Whatever");
        await using var node = await StartAsync(spans, app => app.MapGet("/work", (HttpRequest request) =>
        {
            using var span = source.StartActivity("own");
            span?.SetTag("server.port", request.Host.Port);
        }));

        await node.Client.GetStringAsync("/work", TestContext.Current.CancellationToken);

        Assert.Contains(spans.Of(node), span => span.OperationName == "own");
    }

    [Theory]
    [InlineData(1.0, null, null, null, true)]
    [InlineData(0.0, null, null, null, false)]
    [InlineData(1.0, "0", null, null, false)]
    [InlineData(0.0, "1.0", null, null, true)]
    [InlineData(0.0, "0", "always_on", null, true)]
    [InlineData(1.0, "1", "always_off", null, false)]
    [InlineData(0.0, null, null, "01", true)]
    [InlineData(1.0, null, null, "00", false)]
    public async Task A_trace_is_kept_as_its_beginner_the_settings_or_the_node_decide(
        double nodeDefault, string? rootRatio, string? sampler, string? parentFlags, bool kept)
    {
        var spans = new SpanCollector();
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/work", () => "done"),
            builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)),
            options => options.DefaultRootRatio = nodeDefault,
            settings: [("Dske:Tracing:RootRatio", rootRatio ?? ""), ("OTEL_TRACES_SAMPLER", sampler ?? "")]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/work");
        if (parentFlags is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{parentFlags}");
        }

        // The client of the test must not begin a trace of its own.
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = node.Client.BaseAddress };
        (await http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        await node.DisposeAsync();

        Assert.Equal(kept ? 1 : 0, spans.Of(node).Count(span => span.Kind == ActivityKind.Server));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-0.1")]
    [InlineData("all")]
    [InlineData("NaN")]
    public async Task A_ratio_that_is_none_is_refused_with_its_key(string ratio)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestNode.StartAsync(_ => { }, settings: ("Dske:Tracing:RootRatio", ratio)));

        Assert.Equal($"Dske:Tracing:RootRatio is a number from 0 to 1, the share of traces to keep; it is '{ratio}'.", refusal.Message);
    }

    [Theory]
    [InlineData("localhost:8121")]
    [InlineData("ftp://localhost:8121")]
    [InlineData("/console")]
    public async Task A_console_that_is_no_URL_is_refused_with_its_key(string endpoint)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestNode.StartAsync(_ => { }, settings: ("DSKE_CONSOLE_OTLP_ENDPOINT", endpoint)));

        Assert.StartsWith("DSKE_CONSOLE_OTLP_ENDPOINT ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_only_looks_on_leaves_no_spans_of_requests()
    {
        var spans = new SpanCollector();
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/work", () => "done"),
            builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)),
            options => options.TracesRequests = false);

        await node.Client.GetStringAsync("/work", TestContext.Current.CancellationToken);
        await node.DisposeAsync();

        Assert.Empty(spans.Of(node));
    }

    [Fact(Timeout = 60_000)]
    public async Task Telemetry_goes_to_the_console_beside_another_collector_and_a_console_that_hangs_does_not_hold_up_a_stop()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        using var console = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        console.Start();
        var node = await TestNode.StartAsync(
            app => app.MapGet("/work", () => "done"),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.LocalEndpoint}"), ("DSKE_CONSOLE_OTLP_ENDPOINT", $"http://{console.LocalEndpoint}")]);
        await node.Client.GetStringAsync("/work", TestContext.Current.CancellationToken);

        await node.DisposeAsync();

        Assert.True(collector.Pending() && console.Pending());
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task A_collector_that_hangs_does_not_hold_up_a_stop(string protocol)
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var node = await TestNode.StartAsync(
            app => app.MapGet("/work", () => "done"),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{hole.LocalEndpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)]);
        await node.Client.GetStringAsync("/work", TestContext.Current.CancellationToken);

        var stopping = Stopwatch.StartNew();
        await node.DisposeAsync();

        // One export of the standard's length, of which there would be three, is longer than this.
        Assert.InRange(stopping.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static Task<TestNode> StartAsync(SpanCollector spans, params Action<WebApplication>[] map) => TestNode.StartAsync(
        app => Array.ForEach(map, mapping => mapping(app)),
        builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans)));

    private sealed class SpanCollector : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = new();

        // Activity sources serve the whole process, so the requests of other tests' nodes show up here as well.
        public IReadOnlyList<Activity> Of(TestNode node) =>
            [.. _spans.Where(span => Equals(span.GetTagItem("server.port"), node.Client.BaseAddress!.Port))];

        public override void OnEnd(Activity data) => _spans.Enqueue(data);
    }
}
