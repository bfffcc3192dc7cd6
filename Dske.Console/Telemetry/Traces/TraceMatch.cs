namespace Dske.Console.Telemetry.Traces;

/// <summary>Whether a trace is one that was asked for.</summary>
internal static class TraceMatch
{
    public static bool Fits(TraceSummary summary, TraceFilter filter)
        => (!filter.EstablishmentsOnly || summary.IsEstablishment)
            && (filter.Outcome is not { } outcome || summary.Outcome == outcome)
            && (string.IsNullOrEmpty(filter.Node) || summary.Nodes.Contains(filter.Node))
            && (string.IsNullOrWhiteSpace(filter.Text) || HasText(summary, filter.Text.Trim()));

    private static bool HasText(TraceSummary summary, string text)
        => Has(summary.Name, text)
            || Has(summary.KeyId, text)
            || Has(summary.Failure, text)
            || Has(summary.Initiator, text)
            || Has(summary.Responder, text)
            || summary.Nodes.Any(node => Has(node, text))
            || Has(summary.Id.ToString(), text);

    private static bool Has(string? whole, string part) => whole is not null && whole.Contains(part, StringComparison.OrdinalIgnoreCase);
}
