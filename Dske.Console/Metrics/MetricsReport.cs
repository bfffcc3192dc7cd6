using Dske.Console.Telemetry.Metrics;

namespace Dske.Console.Metrics;

/// <summary>All that the metrics page shows, read at one time. Immutable.</summary>
public sealed record MetricsReport
{
    /// <summary>The time that the latency of now is taken over: 1 minute.</summary>
    public static TimeSpan Recently { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The nodes that reported in the last 15 minutes, by name.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Keys a second by outcome, <c>ok</c> first.</summary>
    public required IReadOnlyList<RateSeries> Keys { get; init; }

    /// <summary>How long establishments took: overall, in the last minute.</summary>
    public required LatencySeries Latency { get; init; }

    /// <summary>The PSRD of each link and owner.</summary>
    public required IReadOnlyList<PsrdLevel> Psrd { get; init; }

    /// <summary>The PSRD that clients spend, all links together.</summary>
    public required PsrdHistory ClientPsrd { get; init; }

    /// <summary>The PSRD that hubs spend, all links together.</summary>
    public required PsrdHistory HubPsrd { get; init; }

    /// <summary>What was rejected, by reason, the most frequent one first.</summary>
    public required IReadOnlyList<RateSeries> Rejections { get; init; }

    /// <summary>The levels that can be relied on.</summary>
    public IEnumerable<PsrdLevel> Fresh => Psrd.Where(static level => !level.IsStale);

    /// <summary>The least time until the PSRD of a link runs out; null when none is spent.</summary>
    public TimeSpan? TimeLeft => Fresh.Min(static level => level.TimeLeft);

    /// <summary>Reads what a store has.</summary>
    /// <param name="store">The store.</param>
    /// <param name="node">A node; null for the whole network.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public static MetricsReport Of(MetricStore store, string? node)
    {
        ArgumentNullException.ThrowIfNull(store);
        var psrd = store.GetPsrd(node);
        var hub = psrd.Any(level => level.Hub == node) ? node : null;
        var client = hub is null ? node : null;
        return new MetricsReport
        {
            Nodes = store.Nodes,
            Keys = store.GetKeyRates(node),
            Latency = store.GetLatency(node, Recently),
            Psrd = psrd,
            ClientPsrd = store.GetPsrdHistory(client, hub, PsrdOutlook.Client),
            HubPsrd = store.GetPsrdHistory(client, hub, PsrdOutlook.Hub),
            Rejections = store.GetRejections(node),
        };
    }
}
