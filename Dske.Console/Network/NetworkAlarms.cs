namespace Dske.Console.Network;

/// <summary>Finds what somebody should look at.</summary>
internal static class NetworkAlarms
{
    /// <summary>The alarms of a network, the gravest first.</summary>
    /// <param name="network">The network.</param>
    public static IReadOnlyList<NetworkAlarm> Find(NetworkSnapshot network) =>
    [
        .. TooFewHubs(network),
        .. network.Hubs.Where(static hub => hub.IsSuspect).Select(static hub => new NetworkAlarm(
            false,
            $"{hub.Name} is suspect: wrong shares came over it to {string.Join(", ", hub.SuspectedBy)}. Its shares are tried last.",
            hub.Name)),

        // Of one fault every link of a node may complain: it is told once.
        .. network.Links
            .Where(static link => link.Alarm is not null)
            .GroupBy(static link => (link.Client, link.Alarm))
            .Select(static group => new NetworkAlarm(
                false, $"{group.Key.Client}, link to {string.Join(", ", group.Select(static link => link.Hub))}: {group.Key.Alarm}", group.Key.Client)),
    ];

    private static IEnumerable<NetworkAlarm> TooFewHubs(NetworkSnapshot network)
    {
        var up = network.Hubs.Count(static hub => hub.Health is NodeHealth.Ready or NodeHealth.Unknown);
        return up < network.Threshold && network.Hubs.Count > 0
            ? [new NetworkAlarm(true, $"{up} of {network.Hubs.Count} hubs are up, and a key takes {network.Threshold}: no keys can be made.")]
            : [];
    }
}
