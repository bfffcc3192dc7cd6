namespace Dske.Console.Telemetry.Traces;

/// <summary>Puts the spans of a trace in order. Whatever was sent, each span stands in it once: also those whose parents are missing or go in a circle.</summary>
internal static class SpanTree
{
    public static IReadOnlyList<SpanRow> Order(IReadOnlyList<Span> spans)
    {
        var byId = spans.ToDictionary(span => span.Id);
        var children = spans.ToLookup(span => span.Parent);
        var rows = new List<SpanRow>(spans.Count);
        var seen = new HashSet<SpanId>();
        foreach (var top in spans.Where(span => span.Parent == span.Id || !byId.ContainsKey(span.Parent)).OrderBy(span => span.Start))
        {
            Walk(top);
        }

        // What is left goes in circles: the earliest of each is as good a beginning as any.
        foreach (var span in spans.OrderBy(span => span.Start))
        {
            Walk(span);
        }

        return rows;

        // Without recursion: a chain may be as long as the trace.
        void Walk(Span top)
        {
            var open = new Stack<(Span Span, int Depth)>();
            open.Push((top, 0));
            while (open.TryPop(out var next))
            {
                if (!seen.Add(next.Span.Id))
                {
                    continue;
                }

                var below = children[next.Span.Id];
                var parent = next.Depth > 0 ? byId.GetValueOrDefault(next.Span.Parent) : null;
                rows.Add(new SpanRow(next.Span, next.Depth, below.Count(child => child.Id != next.Span.Id), parent));
                foreach (var child in below.OrderBy(child => child.Start).Reverse())
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }
    }
}
