using System.Buffers.Binary;
using Dske.Console.Otlp.Wire;
using Google.Protobuf;
using Resource = Dske.Console.Otlp.Wire.Resource;

namespace Dske.Tests.Services.Console;

/// <summary>Words what nodes send by OTLP.</summary>
internal static class OtlpMessages
{
    public const ulong Noon = 1_767_355_200_000_000_000;

    public static ExportTraceServiceRequest Spans(string node, params IEnumerable<Span> spans)
        => new() { ResourceSpans = { new ResourceSpans { Resource = Node(node), ScopeSpans = { new ScopeSpans { Scope = new() { Name = "Dske.Test" }, Spans = { spans } } } } } };

    public static ExportLogsServiceRequest Logs(string node, params IEnumerable<LogRecord> records)
        => new() { ResourceLogs = { new ResourceLogs { Resource = Node(node), ScopeLogs = { new ScopeLogs { Scope = new() { Name = "Dske.Test" }, LogRecords = { records } } } } } };

    public static ExportMetricsServiceRequest Metrics(string node, params IEnumerable<Metric> metrics)
        => new() { ResourceMetrics = { new ResourceMetrics { Resource = Node(node), ScopeMetrics = { new ScopeMetrics { Metrics = { metrics } } } } } };

    public static Span Span(ulong trace, ulong id, string name = "work") => new()
    {
        TraceId = Bytes(trace, 16),
        SpanId = Bytes(id, 8),
        Name = name,
        Kind = 2,
        StartTimeUnixNano = Noon,
        EndTimeUnixNano = Noon + 5_000_000,
    };

    public static KeyValue Attribute(string name, string value) => new() { Key = name, Value = new AnyValue { StringValue = value } };

    public static ByteString Bytes(ulong number, int length)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(length - 8), number);
        return ByteString.CopyFrom(bytes);
    }

    private static Resource Node(string name) => new() { Attributes = { Attribute("service.name", name) } };
}
