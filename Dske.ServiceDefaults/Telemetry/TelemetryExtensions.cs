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
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other standard variables say how.
/// </summary>
internal static class TelemetryExtensions
{
    /// <summary>The setting for the share of traces kept among those that begin here, 0 to 1.</summary>
    public const string RootRatioKey = "Dske:Tracing:RootRatio";

    // Exporters are named, so that a node can send its telemetry to more than one place.
    private const string ExporterName = "otlp";
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TimeoutKey = "OTEL_EXPORTER_OTLP_TIMEOUT";
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";

    // The standard's 10 s would let a dead collector delay every stop by as much and more.
    private const int ExportTimeoutMilliseconds = 1000;

    // All activity sources and meters of ours: Dske.Hub, Dske.Client, Dske.Encryptor ...
    private const string OwnInstruments = "Dske.*";

    public static void AddTelemetry(this WebApplicationBuilder builder, double defaultRootRatio)
    {
        var configuration = builder.Configuration;
        var export = !string.IsNullOrEmpty(configuration[EndpointKey]);
        var rootRatio = ReadRootRatio(configuration, defaultRootRatio);
        void Bound(OtlpExporterOptions options)
        {
            if (string.IsNullOrEmpty(configuration[TimeoutKey]))
            {
                options.TimeoutMilliseconds = ExportTimeoutMilliseconds;
            }
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName)
                .AddEnvironmentVariableDetector())
            .WithTracing(tracing =>
            {
                tracing.AddSource(OwnInstruments)
                    .AddAspNetCoreInstrumentation(SpanContent.Restrict)
                    .AddHttpClientInstrumentation(SpanContent.Restrict);
                if (string.IsNullOrEmpty(configuration[SamplerKey]))
                {
                    tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(rootRatio)));
                }

                if (export)
                {
                    tracing.AddOtlpExporter(ExporterName, Bound);
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(OwnInstruments)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation();
                if (export)
                {
                    metrics.AddOtlpExporter(ExporterName, Bound);
                }
            })
            .WithLogging(
                logging =>
                {
                    if (export)
                    {
                        logging.AddOtlpExporter(ExporterName, Bound);
                    }
                },
                logging =>
                {
                    logging.IncludeFormattedMessage = true;
                    logging.IncludeScopes = true;
                });

        if (export)
        {
            builder.Services.AddHostedService<TelemetryFlush>();
        }
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
