using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Dske.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs by OpenTelemetry. They leave the process by OTLP when the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other standard variables say how. They go to the console as well, over gRPC, when
/// <c>DSKE_CONSOLE_OTLP_ENDPOINT</c> names it: a variable of our own, so that the console and another collector each get everything.
/// </summary>
internal static class TelemetryExtensions
{
    /// <summary>The setting for the share of traces kept among those that begin here, 0 to 1.</summary>
    public const string RootRatioKey = "Dske:Tracing:RootRatio";

    // Exporters are named, so that a node can send its telemetry to more than one place.
    private const string ExporterName = "otlp";
    private const string ConsoleExporterName = "console";
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ConsoleEndpointKey = "DSKE_CONSOLE_OTLP_ENDPOINT";
    private const string TimeoutKey = "OTEL_EXPORTER_OTLP_TIMEOUT";
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";

    // The standard's 10 s would let a dead collector delay every stop by as much and more.
    private const int ExportTimeoutMilliseconds = 1000;

    // All activity sources and meters of ours: Dske.Hub, Dske.Client, Dske.Encryptor ...
    private const string OwnInstruments = "Dske.*";

    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceDefaultsOptions node)
    {
        var configuration = builder.Configuration;
        var rootRatio = ReadRootRatio(configuration, node.DefaultRootRatio);
        var exporters = FindExporters(configuration);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName)
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing =>
            {
                tracing.AddSource(OwnInstruments);
                if (node.TracesRequests)
                {
                    tracing.AddAspNetCoreInstrumentation(SpanContent.Restrict).AddHttpClientInstrumentation(SpanContent.Restrict);
                }

                if (string.IsNullOrEmpty(configuration[SamplerKey]))
                {
                    tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(rootRatio)));
                }

                foreach (var (name, configure) in exporters)
                {
                    tracing.AddOtlpExporter(name, configure);
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(OwnInstruments)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation();
                foreach (var (name, configure) in exporters)
                {
                    metrics.AddOtlpExporter(name, configure);
                }
            })
            .WithLogging(
                logging =>
                {
                    foreach (var (name, configure) in exporters)
                    {
                        logging.AddOtlpExporter(name, configure);
                    }
                },
                logging =>
                {
                    logging.IncludeFormattedMessage = true;
                    logging.IncludeScopes = true;
                });

        if (exporters.Count > 0)
        {
            builder.Services.AddHostedService<TelemetryFlush>();
        }
    }

    private static List<(string Name, Action<OtlpExporterOptions> Configure)> FindExporters(ConfigurationManager configuration)
    {
        var exporters = new List<(string, Action<OtlpExporterOptions>)>();
        if (!string.IsNullOrEmpty(configuration[EndpointKey]))
        {
            exporters.Add((ExporterName, SendToCollector));
        }

        if (configuration[ConsoleEndpointKey] is { Length: > 0 } console)
        {
            var endpoint = Uri.TryCreate(console, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? url
                : throw new InvalidOperationException($"{ConsoleEndpointKey} is the http or https URL of a console; it is '{console}'.");
            exporters.Add((ConsoleExporterName, options => SendToConsole(options, endpoint)));
        }

        return exporters;

        void SendToCollector(OtlpExporterOptions options)
        {
            if (string.IsNullOrEmpty(configuration[TimeoutKey]))
            {
                options.TimeoutMilliseconds = ExportTimeoutMilliseconds;
            }
        }
    }

    private static void SendToConsole(OtlpExporterOptions options, Uri endpoint)
    {
        options.Endpoint = endpoint;
        options.Protocol = OtlpExportProtocol.Grpc;
        options.TimeoutMilliseconds = ExportTimeoutMilliseconds;

        // The standard variable's are the other collector's, its key among them.
        options.Headers = string.Empty;
    }

    private static double ReadRootRatio(ConfigurationManager configuration, double fallback)
    {
        var text = configuration[RootRatioKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? ratio
            : throw new InvalidOperationException($"{RootRatioKey} is a number from 0 to 1, the share of traces to keep; it is '{text}'.");
    }
}
