using Dske.Console.Otlp.Wire;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Traces;
using Span = Dske.Console.Telemetry.Traces.Span;
using SpanKind = Dske.Console.Telemetry.Traces.SpanKind;

namespace Dske.Console.Otlp;

/// <summary>Hands spans to their store.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SpanReceiver(TraceStore store, TextPool texts)
{
    private const int SpanOverhead = 192;
    private const int EventOverhead = 72;

    private readonly OtlpValues _values = new(texts);

    public ExportTraceServiceResponse Receive(ExportTraceServiceRequest request)
    {
        var spans = new List<Span>();
        var unusable = 0;
        foreach (var resource in request.ResourceSpans)
        {
            var node = _values.NodeOf(resource.Resource);
            foreach (var scope in resource.ScopeSpans)
            {
                long bytes = 0;
                var name = _values.Name(scope.Scope?.Name ?? "", ref bytes);
                foreach (var span in scope.Spans)
                {
                    if (TryRead(span, node, name) is { } read)
                    {
                        spans.Add(read);
                    }
                    else
                    {
                        unusable++;
                    }
                }
            }
        }

        var rejected = store.Add(spans, unusable);
        return rejected == 0 ? new() : new()
        {
            PartialSuccess = new() { RejectedSpans = rejected, ErrorMessage = "These spans have no valid IDs, or their traces are larger than the console keeps." },
        };
    }

    private Span? TryRead(Wire.Span span, string node, string scope)
    {
        if (!TraceId.TryRead(span.TraceId.Span, out var traceId) || !SpanId.TryRead(span.SpanId.Span, out var id))
        {
            return null;
        }

        SpanId.TryRead(span.ParentSpanId.Span, out var parent);
        long bytes = SpanOverhead;
        var name = _values.Name(span.Name, ref bytes);
        var message = _values.Text(span.Status?.Message ?? "", ref bytes);
        var attributes = _values.Attributes(span.Attributes, ref bytes);
        var events = ReadEvents(span, ref bytes);
        var start = OtlpValues.Time(span.StartTimeUnixNano);
        var leftOff = (long)span.DroppedAttributesCount + span.DroppedEventsCount + (span.Attributes.Count - attributes.Length) + (span.Events.Count - events.Length);
        return new Span
        {
            TraceId = traceId,
            Id = id,
            Parent = parent,
            Name = name,
            Node = node,
            Scope = scope,
            Kind = span.Kind is >= 1 and <= 5 ? (SpanKind)(span.Kind - 1) : SpanKind.Internal,
            Start = start,
            Duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? OtlpValues.Time(span.EndTimeUnixNano) - start : TimeSpan.Zero,
            Status = span.Status?.Code switch { 1 => SpanStatus.Ok, 2 => SpanStatus.Error, _ => SpanStatus.Unset },
            StatusMessage = message,
            Attributes = attributes,
            Events = events,
            LeftOff = (int)Math.Min(leftOff, int.MaxValue),
            Bytes = bytes,
        };
    }

    private SpanEvent[] ReadEvents(Wire.Span span, ref long bytes)
    {
        var events = new SpanEvent[Math.Min(span.Events.Count, TelemetryLimits.MaxEvents)];
        for (var i = 0; i < events.Length; i++)
        {
            var happened = span.Events[i];
            bytes += EventOverhead;
            events[i] = new SpanEvent(OtlpValues.Time(happened.TimeUnixNano), _values.Name(happened.Name, ref bytes), _values.Attributes(happened.Attributes, ref bytes));
        }

        return events;
    }
}
