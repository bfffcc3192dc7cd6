using Dske.Console.Otlp.Wire;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Logs;
using Dske.Console.Telemetry.Traces;
using LogRecord = Dske.Console.Telemetry.Logs.LogRecord;

namespace Dske.Console.Otlp;

/// <summary>Hands log records to their store.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class LogReceiver(LogStore store, TextPool texts)
{
    private const int RecordOverhead = 160;
    private const int SeveritiesPerLevel = 4;

    // The message as it was before its values were put in: the message says more.
    private const string Template = "{OriginalFormat}";

    private readonly OtlpValues _values = new(texts);

    public ExportLogsServiceResponse Receive(ExportLogsServiceRequest request)
    {
        var records = new List<LogRecord>();
        foreach (var resource in request.ResourceLogs)
        {
            var node = _values.NodeOf(resource.Resource);
            foreach (var scope in resource.ScopeLogs)
            {
                long bytes = 0;
                var category = _values.Name(scope.Scope?.Name ?? "", ref bytes);
                records.AddRange(scope.LogRecords.Select(record => Read(record, node, category)));
            }
        }

        store.Add(records);
        return new();
    }

    private LogRecord Read(Wire.LogRecord record, string node, string category)
    {
        long bytes = RecordOverhead;
        var message = _values.Text(record.Body, ref bytes);
        var attributes = _values.Attributes([.. record.Attributes.Where(attribute => attribute.Key != Template).Take(TelemetryLimits.MaxAttributes)], ref bytes);
        TraceId.TryRead(record.TraceId.Span, out var traceId);
        SpanId.TryRead(record.SpanId.Span, out var spanId);
        return new LogRecord
        {
            Time = OtlpValues.Time(record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano),
            Node = node,
            Level = LevelOf(record.SeverityNumber),
            Category = category,
            Message = message,
            Attributes = attributes,
            TraceId = traceId,
            SpanId = spanId,
            Bytes = bytes,
        };
    }

    // Four severities make a level, from 1 for TRACE; what says nothing is taken as ordinary.
    private static LogLevel LevelOf(int severity) => severity is >= 1 and <= 24 ? (LogLevel)((severity - 1) / SeveritiesPerLevel) : LogLevel.Information;
}
