using Dske.Console.Otlp.Wire;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace Dske.Console.Otlp;

/// <summary>OTLP at both its protocols.</summary>
internal static class OtlpExtensions
{
    private const string GrpcCalls = "Grpc.AspNetCore.Server.ServerCallHandler";

    private static readonly string[] Routes = ["/v1/traces", "/v1/logs", "/v1/metrics"];

    /// <summary>Adds what receives telemetry. It is not traced itself, or every report would be a reason for the next one.</summary>
    /// <param name="services">The services.</param>
    public static void AddOtlp(this IServiceCollection services)
    {
        services.AddSingleton<SpanReceiver>();
        services.AddSingleton<LogReceiver>();
        services.AddSingleton<MetricReceiver>();
        services.AddSingleton<OtlpGate>();
        services.AddSingleton<OtlpGrpcService>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = OtlpLimits.MaxMessageBytes;
            options.EnableDetailedErrors = false;
            options.IgnoreUnknownServices = true;
        });

        // Instead of the framework's, which would decompress without bound.
        services.PostConfigure<GrpcServiceOptions>(static options =>
        {
            options.CompressionProviders.Clear();
            options.CompressionProviders.Add(new BoundedGzip());
        });

        // A node that has given up on a report, when the machine is busy, is no fault of ours and nothing to fill the log with.
        services.AddLogging(static logging => logging
            .AddFilter(GrpcCalls, LogLevel.Critical)
            .AddFilter<ConsoleLoggerProvider>(GrpcCalls, LogLevel.Critical));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<OtlpGrpcService>, OtlpGrpcMethods>());
        services.PostConfigure<AspNetCoreTraceInstrumentationOptions>(options =>
        {
            var others = options.Filter;
            options.Filter = context => !IsOtlp(context.Request.Path) && (others?.Invoke(context) ?? true);
        });
    }

    /// <summary>
    /// Maps the services of OTLP over gRPC, at the port of <see cref="OtlpGate.GrpcPortKey"/> alone when it is set, and <c>/v1/traces</c>,
    /// <c>/v1/logs</c> and <c>/v1/metrics</c> at the others.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns><paramref name="app"/>.</returns>
    public static WebApplication MapOtlp(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<OtlpGate>();
        Restrict(app.MapGrpcService<OtlpGrpcService>(), isGrpc: true);
        Map("/v1/traces", OtlpHttpEndpoint.Create(
            ExportTraceServiceRequest.Parser, WireShape.Traces, static (services, request) => services.GetRequiredService<SpanReceiver>().Receive(request)));
        Map("/v1/logs", OtlpHttpEndpoint.Create(
            ExportLogsServiceRequest.Parser, WireShape.Logs, static (services, request) => services.GetRequiredService<LogReceiver>().Receive(request)));
        Map("/v1/metrics", OtlpHttpEndpoint.Create(
            ExportMetricsServiceRequest.Parser, WireShape.Metrics, static (services, request) => services.GetRequiredService<MetricReceiver>().Receive(request)));
        return app;

        void Map(string path, RequestDelegate answer) => Restrict(app.MapPost(path, answer).ExcludeFromDescription(), isGrpc: false);

        void Restrict(IEndpointConventionBuilder endpoints, bool isGrpc) => endpoints.DisableHttpMetrics().Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => gate.RunAsync(context, isGrpc, answer);
        });
    }

    private static bool IsOtlp(PathString path)
        => path.HasValue && (path.Value.StartsWith("/" + OtlpGrpcMethods.PackagePrefix, StringComparison.Ordinal) || Array.Exists(Routes, route => path == route));
}
