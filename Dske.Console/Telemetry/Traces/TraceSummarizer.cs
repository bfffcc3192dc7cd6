using System.Globalization;

namespace Dske.Console.Telemetry.Traces;

/// <summary>Says a trace in a line.</summary>
internal static class TraceSummarizer
{
    public static TraceSummary Summarize(IReadOnlyList<Span> spans)
    {
        var byStart = spans.OrderBy(span => span.Start).ToList();
        var root = FindTop(byStart);
        var exchange = byStart.Find(SpanNames.IsExchange);
        var offer = byStart.Find(SpanNames.IsOffer);
        var establish = byStart.Find(span => span.Name == SpanNames.Establish);
        var collect = byStart.Find(span => span.Name == SpanNames.Collect);
        var isEstablishment = (exchange ?? offer ?? establish ?? collect) is not null;
        var errors = spans.Count(span => SpanNames.FailureOf(span) is not null);
        var failure = FirstFailure(exchange, establish, offer, collect) ?? (root is null ? null : SpanNames.FailureOf(root));
        return new TraceSummary
        {
            Id = root!.TraceId,
            Name = root.Name,
            Start = byStart[0].Start,
            Duration = root.End > byStart[0].Start ? root.End - byStart[0].Start : TimeSpan.Zero,
            Outcome = failure is not null ? TraceOutcome.Failed
                : root.Parent.IsSet && !IsWhole(exchange, byStart) ? TraceOutcome.Incomplete
                : errors > 0 ? TraceOutcome.Degraded
                : TraceOutcome.Ok,
            Nodes = [.. byStart.Select(span => span.Node).Distinct()],
            SpanCount = spans.Count,
            ErrorCount = errors,
            IsEstablishment = isEstablishment,
            KeyId = FindKeyId(establish) ?? FindKeyId(collect) ?? byStart.Select(FindKeyId).FirstOrDefault(keyId => keyId is not null),
            KeyCount = int.TryParse((exchange ?? establish ?? offer ?? collect)?.Find(SpanNames.KeyCount), CultureInfo.InvariantCulture, out var count) ? count : 0,
            Initiator = exchange?.Node ?? offer?.Find(SpanNames.Peer) ?? establish?.Node,
            Responder = offer?.Node ?? exchange?.Find(SpanNames.Peer) ?? collect?.Node,
            Failure = failure,
        };
    }

    /// <summary>The span without a parent, or else the earliest whose parent is not here, or else the earliest.</summary>
    private static Span FindTop(List<Span> byStart)
    {
        if (byStart.Find(span => !span.Parent.IsSet) is { } root)
        {
            return root;
        }

        var ids = byStart.Select(span => span.Id).ToHashSet();
        return byStart.Find(span => !ids.Contains(span.Parent)) ?? byStart[0];
    }

    /// <summary>Whether the encryptor's exchange is here with all that it caused: who asked for it may be somebody who sends no telemetry.</summary>
    private static bool IsWhole(Span? exchange, List<Span> byStart)
        => exchange is not null && byStart.Exists(span => span.Id == exchange.Parent && span.Kind == SpanKind.Server);

    private static string? FirstFailure(params ReadOnlySpan<Span?> spans)
    {
        foreach (var span in spans)
        {
            if (span is not null && SpanNames.FailureOf(span) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static string? FindKeyId(Span? span) => span?.Find(SpanNames.KeyId);
}
