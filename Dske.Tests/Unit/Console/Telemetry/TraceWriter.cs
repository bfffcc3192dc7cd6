using Dske.Console.Telemetry.Traces;

namespace Dske.Tests.Unit.Console.Telemetry;

/// <summary>Writes spans as nodes would report them.</summary>
internal static class TraceWriter
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A span. Times are in milliseconds from noon.</summary>
    public static Span Span(
        uint trace, ulong id, ulong parent = 0, string name = "work", string node = "hank", string scope = "", SpanKind kind = SpanKind.Internal,
        int start = 0, int duration = 10, SpanStatus status = SpanStatus.Unset, long bytes = 1000, params (string Name, string Value)[] attributes) => new()
        {
            TraceId = new TraceId(trace),
            Id = new SpanId(id),
            Parent = new SpanId(parent),
            Name = name,
            Node = node,
            Scope = scope,
            Kind = kind,
            Start = Noon.AddMilliseconds(start),
            Duration = TimeSpan.FromMilliseconds(duration),
            Status = status,
            Attributes = [.. attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value))],
            Bytes = bytes,
        };

    /// <summary>
    /// The spans of an establishment from sam to sofia, over carol, the hubs hank and helen and conny, as our nodes report them. The caller's span
    /// is not among them when <paramref name="caller"/> is set.
    /// </summary>
    public static IReadOnlyList<Span> Establishment(uint trace, string keyId = "key-1", bool helenIsDown = false, bool fails = false, ulong caller = 0)
    {
        const string Encryptor = "Dske.Encryptor";
        (string, string) key = ("dske.key.id", keyId);
        var down = helenIsDown ? SpanStatus.Error : SpanStatus.Unset;
        List<Span> spans =
        [
            Span(trace, 1, caller, "POST keys", "sam", kind: SpanKind.Server, start: 0, duration: 100),
            Span(trace, 2, 1, "establish", "sam", Encryptor, start: 1, duration: 98, status: fails ? SpanStatus.Error : SpanStatus.Unset,
                attributes: [("dske.peer", "sofia"), ("dske.key.count", "2"), .. fails ? [("error.type", "KmeUnavailable")] : Array.Empty<(string, string)>()]),
            Span(trace, 3, 2, "POST", "sam", kind: SpanKind.Client, start: 2, duration: 40),
            Span(trace, 4, 3, "POST enc_keys", "carol", kind: SpanKind.Server, start: 3, duration: 38),
            Span(trace, 5, 4, "dske.key.establish", "carol", "Dske.Client", start: 4, duration: 36, attributes: [("dske.client", "carol"), key, ("dske.key.count", "2"), ("dske.outcome", fails ? "Unavailable" : "Ok")]),
            Span(trace, 6, 5, "dske.share.relay", "carol", start: 5, duration: 20, attributes: [("dske.hub", "hank"), ("dske.share.index", "0"), key, ("dske.outcome", "ok"), ("dske.psrd.spent", "96")]),
            Span(trace, 7, 6, "POST", "carol", kind: SpanKind.Client, start: 6, duration: 18),
            Span(trace, 8, 7, "POST key-share", "hank", kind: SpanKind.Server, start: 7, duration: 16),
            Span(trace, 9, 8, "dske.share.store", "hank", start: 8, duration: 14, attributes: [("dske.hub", "hank"), ("dske.share.index", "0"), key, ("dske.outcome", "ok")]),
            Span(trace, 10, 5, "dske.share.relay", "carol", start: 5, duration: 30, status: down, attributes: [("dske.hub", "helen"), ("dske.share.index", "1"), key, ("dske.outcome", helenIsDown ? "timeout" : "ok")]),
        ];
        if (!fails)
        {
            spans.AddRange(
            [
                Span(trace, 20, 2, "POST", "sam", kind: SpanKind.Client, start: 50, duration: 45),
                Span(trace, 21, 20, "POST offers", "sofia", kind: SpanKind.Server, start: 51, duration: 43),
                Span(trace, 22, 21, "offer", "sofia", Encryptor, start: 52, duration: 41, attributes: [("dske.peer", "sam"), ("dske.key.count", "2")]),
                Span(trace, 23, 22, "POST", "sofia", kind: SpanKind.Client, start: 53, duration: 35),
                Span(trace, 24, 23, "POST dec_keys", "conny", kind: SpanKind.Server, start: 54, duration: 33),
                Span(trace, 25, 24, "dske.key.collect", "conny", "Dske.Client", start: 55, duration: 31, attributes: [("dske.client", "conny"), key, ("dske.outcome", "Ok")]),
                Span(trace, 26, 25, "dske.share.collect", "conny", start: 56, duration: 12, attributes: [("dske.hub", "hank"), ("dske.share.index", "0"), key, ("dske.outcome", "ok"), ("dske.psrd.spent", "128")]),
            ]);
        }

        return spans;
    }
}
