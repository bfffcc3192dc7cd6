using System.Net;
using System.Net.Http.Headers;
using Dske.Console.Otlp;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Logs;
using Dske.Console.Telemetry.Metrics;
using Dske.Console.Telemetry.Traces;
using Dske.ServiceDefaults;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Console;

/// <summary>What receives telemetry, without pages, at two loopback ports that the system chooses: one of HTTP/1.1 and one of HTTP/2 alone.</summary>
internal sealed class OtlpHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpHost(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        (HttpUrl, GrpcUrl) = (addresses[0], addresses[1]);
        app.Configuration[OtlpGate.GrpcPortKey] = $"{GrpcUrl.Port}";

        // A body that is too large is refused before it is sent, however long the machine takes over that.
        Client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = HttpUrl };
    }

    public Uri HttpUrl { get; }

    public Uri GrpcUrl { get; }

    public HttpClient Client { get; }

    public TraceStore Traces => _app.Services.GetRequiredService<TraceStore>();

    public LogStore Logs => _app.Services.GetRequiredService<LogStore>();

    public MetricStore Metrics => _app.Services.GetRequiredService<MetricStore>();

    public static async Task<OtlpHost> StartAsync(TelemetryLimits? limits = null, Action<WebApplicationBuilder>? add = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(limits ?? new TelemetryLimits());
        builder.Services.AddTelemetryStore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapOtlp();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtlpHost(app);
    }

    /// <summary>Posts a message to <c>/v1/{signal}</c>.</summary>
    public Task<HttpResponseMessage> PostAsync(string signal, IMessage message) => PostAsync(signal, message.ToByteArray());

    /// <summary>Posts bytes to <c>/v1/{signal}</c>.</summary>
    public async Task<HttpResponseMessage> PostAsync(string signal, byte[] body, string type = "application/x-protobuf", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return await Client.PostAsync(new Uri($"/v1/{signal}", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    /// <summary>Calls a service of OTLP over gRPC with bytes that need not be a message.</summary>
    /// <returns>The HTTP status, and that of gRPC, -1 when there is none.</returns>
    public static async Task<(HttpStatusCode Http, int Grpc)> CallAsync(Uri at, string service, byte[] message, bool isCompressed = false)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = at };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/opentelemetry.proto.collector.{service}/Export")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([(byte)(isCompressed ? 1 : 0), (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (isCompressed)
        {
            request.Headers.Add("grpc-encoding", "gzip");
        }

        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = response.Headers.TryGetValues("grpc-status", out var early) ? early.Single()
            : response.TrailingHeaders.TryGetValues("grpc-status", out var late) ? late.Single() : "-1";
        return (response.StatusCode, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
