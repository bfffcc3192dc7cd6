namespace Dske.Console.Otlp;

/// <summary>What answers OTLP over gRPC. Its methods are named by <see cref="OtlpGrpcMethods"/>.</summary>
internal sealed class OtlpGrpcService(SpanReceiver spans, LogReceiver logs, MetricReceiver metrics)
{
    public SpanReceiver Spans => spans;

    public LogReceiver Logs => logs;

    public MetricReceiver Metrics => metrics;
}
