namespace Dske.Console.Telemetry.Metrics;

/// <summary>What pages ask.</summary>
public sealed partial class MetricStore
{
    private const int CurrentSlots = 6;
    private const int ConsumptionSlots = 12;
    private const int StaleSlots = 6;
    private const int MaxLabels = 64;

    /// <summary>Keys made a second, by outcome: as clients count them, or at an encryptor as it counts its own.</summary>
    /// <param name="node">A client or an encryptor; null for the whole network.</param>
    /// <returns>One for each outcome, <c>ok</c> first; empty when nobody reported.</returns>
    public IReadOnlyList<RateSeries> GetKeyRates(string? node = null)
    {
        using (_lock.EnterScope())
        {
            var clients = Counters(InstrumentNames.ClientKeys, node).Where(IsMaster).ToList();
            var labelled = clients.Count > 0
                ? clients.Select(series => (series.Key.Find(InstrumentNames.Outcome) ?? "ok", series))
                : Counters(InstrumentNames.KeysEstablished, node).Where(IsMaster).Select(series => ("ok", series))
                    .Concat(Counters(InstrumentNames.KeysFailed, node).Where(IsMaster).Select(series => (series.Key.Find(InstrumentNames.ErrorType) ?? "failed", series)));
            return [.. ToRates(labelled).OrderByDescending(rate => rate.Label == "ok").ThenBy(rate => rate.Label, StringComparer.Ordinal)];
        }
    }

    /// <summary>Requests and connections refused a second, by reason.</summary>
    /// <param name="node">The node that refused them; null for the whole network.</param>
    /// <returns>One for each reason, the most frequent one first.</returns>
    public IReadOnlyList<RateSeries> GetRejections(string? node = null)
    {
        using (_lock.EnterScope())
        {
            var labelled = Counters(InstrumentNames.HubRejected, node).Select(series => (series.Key.Find(InstrumentNames.Reason) ?? "?", series))
                .Concat(Counters(InstrumentNames.HubShares, node)
                    .Select(series => (Label: series.Key.Find(InstrumentNames.Outcome) ?? "?", series))
                    .Where(entry => entry.Label != "ok"))
                .Concat(Counters(InstrumentNames.ConnectionsRefused, node).Select(series => ("too-many-connections", series)));
            return [.. ToRates(labelled).OrderByDescending(rate => rate.Total).ThenBy(rate => rate.Label, StringComparer.Ordinal)];
        }
    }

    /// <summary>How long successful establishments took: at initiating encryptors, or where there are none at the clients that made the keys.</summary>
    /// <param name="node">An encryptor or a client; null for the whole network.</param>
    /// <param name="window">The time that the overall numbers are of: up to <see cref="MetricWindow.Length"/>, which it is when null.</param>
    public LatencySeries GetLatency(string? node = null, TimeSpan? window = null)
    {
        var slots = (int)Math.Clamp((window ?? MetricWindow.Length) / MetricWindow.Resolution, 1, MetricWindow.Slots - 1);
        using (_lock.EnterScope())
        {
            var exchanges = Histograms(InstrumentNames.ExchangeDuration, node);
            var all = (exchanges.Count > 0 ? exchanges : Histograms(InstrumentNames.ClientKeyDuration, node))
                .Where(series => IsMaster(series) && IsSuccess(series))
                .GroupBy(series => string.Join(' ', series.Bounds))
                .MaxBy(same => same.Count())?.ToList() ?? [];
            var now = MetricWindow.SlotOf(_time.GetUtcNow());
            var points = PastSlots(now).Select(slot => Measure(all, slot, slot)).ToList();
            return new LatencySeries(Measure(all, now - slots, now), points);
        }
    }

    /// <summary>The PSRD of the links, by client, hub and owner; as clients see it, or hubs where the client does not report.</summary>
    /// <param name="node">A client or a hub; null for all links.</param>
    public IReadOnlyList<PsrdLevel> GetPsrd(string? node = null)
    {
        using (_lock.EnterScope())
        {
            var now = MetricWindow.SlotOf(_time.GetUtcNow());
            return
            [
                .. FindPsrd(link => node is null || node == link.Client || node == link.Hub, now)
                    .Select(found => ToLevel(found.Link, found.Series, now))
                    .OrderBy(level => level.Client, StringComparer.Ordinal)
                    .ThenBy(level => level.Hub, StringComparer.Ordinal)
                    .ThenBy(level => level.Owner, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>How the PSRD of links changed, all that fit taken together.</summary>
    /// <param name="client">The client at one end; null for any.</param>
    /// <param name="hub">The hub at the other end; null for any.</param>
    /// <param name="owner">Who spends it, <c>client</c> or <c>hub</c>; null for both.</param>
    public PsrdHistory GetPsrdHistory(string? client = null, string? hub = null, string? owner = null)
    {
        using (_lock.EnterScope())
        {
            var now = MetricWindow.SlotOf(_time.GetUtcNow());
            var all = FindPsrd(link => (client ?? link.Client) == link.Client && (hub ?? link.Hub) == link.Hub && (owner ?? link.Owner) == link.Owner, now)
                .Select(found => found.Series).ToList();
            return new PsrdHistory(Sum(series => series.Levels, 1), Sum(series => series.Falls, MetricWindow.Resolution.TotalSeconds));

            List<MetricPoint> Sum(Func<GaugeSeries, Slots> choose, double divisor) => [.. PastSlots(now).Select(slot => SumAt(slot, choose, divisor))];

            MetricPoint SumAt(long slot, Func<GaugeSeries, Slots> choose, double divisor)
            {
                // What was not reported is not zero.
                var reported = all.Where(series => choose(series).HasBegun(slot) && slot <= series.LastSlot && !double.IsNaN(choose(series)[slot])).ToList();
                return new MetricPoint(MetricWindow.StartOf(slot), reported.Count == 0 ? null : reported.Sum(series => choose(series)[slot]) / divisor);
            }
        }
    }

    /// <summary>One series for each link and owner: of the two ends the one that reports, the client's rather than the hub's.</summary>
    private IEnumerable<((string Client, string Hub, string Owner) Link, GaugeSeries Series)> FindPsrd(Func<(string Client, string Hub, string Owner), bool> isWanted, long now)
        => Gauges(InstrumentNames.ClientPsrd).Select(series => (Series: series, IsClients: true))
            .Concat(Gauges(InstrumentNames.HubPsrd).Select(series => (Series: series, IsClients: false)))
            .Select(entry => (entry.Series, entry.IsClients, Link: LinkOf(entry.Series.Key)))
            .Where(entry => isWanted(entry.Link))
            .GroupBy(entry => entry.Link)
            .Select(same => (same.Key, same.OrderByDescending(entry => !IsStale(entry.Series, now)).ThenByDescending(entry => entry.IsClients).First().Series));

    private static bool IsMaster(Series series) => series.Key.Find(InstrumentNames.Role) is "master" or "initiator" or null;

    private static bool IsSuccess(Series series)
        => series.Key.Find(InstrumentNames.ErrorType) is null && series.Key.Find(InstrumentNames.Outcome) is "ok" or null;

    private static (string Client, string Hub, string Owner) LinkOf(SeriesKey key)
        => (key.Find(InstrumentNames.Client) ?? key.Node, key.Find(InstrumentNames.Hub) ?? key.Node, key.Find(InstrumentNames.Owner) ?? "?");

    private static bool IsStale(Series series, long now) => series.LastSlot < now - StaleSlots;

    private static IEnumerable<long> PastSlots(long now)
    {
        for (var slot = now - MetricWindow.Slots + 1; slot < now; slot++)
        {
            yield return slot;
        }
    }

    private static LatencyPoint Measure(List<HistogramSeries> all, long from, long to)
    {
        var sum = new long[all.Count == 0 ? 1 : all[0].Bounds.Count + 1];
        for (var slot = from; slot <= to; slot++)
        {
            all.ForEach(series => series.AddTo(sum, slot));
        }

        IReadOnlyList<double> bounds = all.Count == 0 ? [] : all[0].Bounds;
        return new LatencyPoint(MetricWindow.StartOf(from), sum.Sum(), Percentiles.Of(bounds, sum, 0.5), Percentiles.Of(bounds, sum, 0.95), Percentiles.Of(bounds, sum, 0.99));
    }

    private static PsrdLevel ToLevel((string Client, string Hub, string Owner) link, GaugeSeries series, long now)
    {
        var perSlot = MetricWindow.Resolution.TotalSeconds;
        var spent = Enumerable.Range(1, ConsumptionSlots).Sum(i => series.Falls[now - i]) / (ConsumptionSlots * perSlot);
        var bytes = double.IsFinite(series.Last) ? Math.Clamp(series.Last, 0, 1L << 40) : 0;
        return new PsrdLevel
        {
            Client = link.Client,
            Hub = link.Hub,
            Owner = link.Owner,
            Bytes = (long)bytes,
            Reported = MetricWindow.StartOf(series.LastSlot),
            IsStale = IsStale(series, now),
            ConsumptionPerSecond = spent,
            TimeLeft = spent > 0 && bytes / spent < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(bytes / spent) : null,
        };
    }

    private IEnumerable<RateSeries> ToRates(IEnumerable<(string Label, CounterSeries Series)> labelled)
    {
        var now = MetricWindow.SlotOf(_time.GetUtcNow());
        var perSlot = MetricWindow.Resolution.TotalSeconds;
        foreach (var same in labelled.GroupBy(entry => entry.Label, entry => entry.Series).Take(MaxLabels))
        {
            var series = same.ToList();
            var points = PastSlots(now).Select(slot => new MetricPoint(
                MetricWindow.StartOf(slot),
                series.Exists(one => one.Growth.HasBegun(slot) && slot <= one.LastSlot) ? series.Sum(one => one.Growth[slot]) / perSlot : null)).ToList();
            yield return new RateSeries(
                same.Key,
                points.TakeLast(CurrentSlots).Sum(point => point.Value ?? 0) / CurrentSlots,
                points.Sum(point => (point.Value ?? 0) * perSlot) + series.Sum(one => one.Growth[now]),
                points);
        }
    }

    private IEnumerable<CounterSeries> Counters(string name, string? node) => Of(name, node).OfType<CounterSeries>();

    private IEnumerable<GaugeSeries> Gauges(string name) => Of(name, null).OfType<GaugeSeries>();

    private List<HistogramSeries> Histograms(string name, string? node) => [.. Of(name, node).OfType<HistogramSeries>()];

    private IEnumerable<Series> Of(string name, string? node)
        => _byName.TryGetValue(name, out var all) ? all.Where(series => node is null || series.Key.Node == node) : [];
}
