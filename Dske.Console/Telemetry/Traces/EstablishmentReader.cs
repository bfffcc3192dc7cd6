using System.Globalization;

namespace Dske.Console.Telemetry.Traces;

/// <summary>Reads a trace as the establishment of keys.</summary>
internal sealed class EstablishmentReader
{
    // No link has more: what claims to be more is nonsense, and would not add up.
    private const long MaxPsrdBytes = 1L << 40;

    private readonly Dictionary<SpanId, Span> _byId;
    private readonly ILookup<SpanId, Span> _children;

    private EstablishmentReader(IReadOnlyList<SpanRow> rows)
    {
        _byId = rows.ToDictionary(row => row.Span.Id, row => row.Span);
        _children = rows.ToLookup(row => row.Span.Parent, row => row.Span);
    }

    public static EstablishmentView Read(Trace trace)
    {
        var reader = new EstablishmentReader(trace.Rows);
        var steps = trace.Rows.Select(row => reader.ReadStep(row.Span)).OfType<EstablishmentStep>().OrderBy(step => step.Start).ThenBy(step => step.ShareIndex).ToList();
        return new EstablishmentView(trace.Summary, Arrange(trace.Rows, steps), steps);
    }

    private EstablishmentStep? ReadStep(Span span) => span.Name switch
    {
        SpanNames.Establish => ReadCall(EstablishmentStepKind.MakeKeys, span),
        SpanNames.Collect => ReadCall(EstablishmentStepKind.FetchKeys, span),
        SpanNames.ShareRelay => ReadExchange(EstablishmentStepKind.Relay, span, SpanNames.ShareStore),
        SpanNames.ShareCollect => ReadExchange(EstablishmentStepKind.Collect, span, SpanNames.ShareDeliver),
        _ => SpanNames.IsOffer(span) ? ReadCall(EstablishmentStepKind.Offer, span) : null,
    };

    /// <summary>A step that the asked node tells of: what it was called by is the asking node's.</summary>
    private EstablishmentStep ReadCall(EstablishmentStepKind kind, Span handling)
    {
        var call = FindCall(handling);
        return new EstablishmentStep
        {
            Kind = kind,
            From = call?.Node,
            To = handling.Node,
            Start = call?.Start ?? handling.Start,
            Duration = call?.Duration ?? handling.Duration,
            HandlingStart = handling.Start,
            HandlingDuration = handling.Duration,
            Failure = SpanNames.FailureOf(handling),
            SpanId = handling.Id,
        };
    }

    /// <summary>A step that the client tells of, whether the hub could be reached or not.</summary>
    private EstablishmentStep ReadExchange(EstablishmentStepKind kind, Span exchange, string atHub)
    {
        var handling = FindBelow(exchange, atHub);
        return new EstablishmentStep
        {
            Kind = kind,
            From = exchange.Node,
            To = exchange.Find(SpanNames.Hub) ?? handling?.Node ?? "?",
            Start = exchange.Start,
            Duration = exchange.Duration,
            HandlingStart = handling?.Start,
            HandlingDuration = handling?.Duration,
            ShareIndex = int.TryParse(exchange.Find(SpanNames.ShareIndex), CultureInfo.InvariantCulture, out var index) ? index : null,
            PsrdSpent = long.TryParse(exchange.Find(SpanNames.PsrdSpent), CultureInfo.InvariantCulture, out var bytes) && bytes is >= 0 and <= MaxPsrdBytes ? bytes : null,
            Failure = SpanNames.FailureOf(exchange),
            SpanId = exchange.Id,
        };
    }

    /// <summary>The nearest span above that is another node's; null when there is none.</summary>
    private Span? FindCall(Span handling)
    {
        // As many steps as there are spans: parents may go in a circle.
        var span = handling;
        for (var i = 0; i < _byId.Count && _byId.TryGetValue(span.Parent, out var parent); i++)
        {
            if (parent.Node != handling.Node)
            {
                return parent;
            }

            span = parent;
        }

        return null;
    }

    /// <summary>The first span of a name below; a message that was sent again has several, of which the last one counts.</summary>
    private Span? FindBelow(Span above, string name)
    {
        Span? found = null;
        var open = new Stack<Span>(_children[above.Id]);
        for (var i = 0; i < _byId.Count && open.TryPop(out var span); i++)
        {
            if (span.Name == name && (found is null || span.Start > found.Start))
            {
                found = span;
            }

            foreach (var child in _children[span.Id])
            {
                open.Push(child);
            }
        }

        return found;
    }

    private static List<EstablishmentParticipant> Arrange(IReadOnlyList<SpanRow> rows, List<EstablishmentStep> steps)
    {
        var participants = new List<EstablishmentParticipant>();
        var make = steps.Find(step => step.Kind == EstablishmentStepKind.MakeKeys);
        var fetch = steps.Find(step => step.Kind == EstablishmentStepKind.FetchKeys);
        var offer = steps.Find(step => step.Kind == EstablishmentStepKind.Offer);
        var exchange = rows.Select(row => row.Span).FirstOrDefault(SpanNames.IsExchange);
        Add(exchange?.Node ?? offer?.From ?? make?.From, EstablishmentRole.InitiatingEncryptor);
        Add(make?.To ?? steps.Find(step => step.Kind == EstablishmentStepKind.Relay)?.From, EstablishmentRole.InitiatingClient);
        foreach (var hub in steps.Where(step => step.ShareIndex is not null).OrderBy(step => step.ShareIndex).Select(step => step.To).Distinct().ToList())
        {
            Add(hub, EstablishmentRole.Hub);
        }

        Add(fetch?.To ?? steps.Find(step => step.Kind == EstablishmentStepKind.Collect)?.From, EstablishmentRole.RespondingClient);
        Add(offer?.To ?? fetch?.From ?? exchange?.Find(SpanNames.Peer), EstablishmentRole.RespondingEncryptor);

        // Whoever else asked or was asked: a ladder must not have a rung without a rail.
        foreach (var step in steps)
        {
            Add(step.From, step.Kind is EstablishmentStepKind.Relay or EstablishmentStepKind.Collect ? EstablishmentRole.RespondingClient : EstablishmentRole.RespondingEncryptor);
            Add(step.To, step.ShareIndex is not null ? EstablishmentRole.Hub : EstablishmentRole.RespondingClient);
        }

        return participants;

        void Add(string? name, EstablishmentRole role)
        {
            if (name is not null && !participants.Exists(participant => participant.Name == name))
            {
                participants.Add(new EstablishmentParticipant(name, role));
            }
        }
    }
}
