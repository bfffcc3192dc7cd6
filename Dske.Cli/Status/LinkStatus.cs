using Dske.Protocol.Management;

namespace Dske.Cli.Status;

/// <summary>One link of a node.</summary>
/// <param name="Peer">The node at the other end.</param>
/// <param name="Usable">Whether keys can be relayed over it.</param>
/// <param name="Dialect">How it is spoken; null before the first registration.</param>
/// <param name="LocalBytes">What is left of the random data that this node allocates from.</param>
/// <param name="PeerBytes">What is left of the random data that the other end allocates from.</param>
/// <param name="Suspect">Whether the other end probably lies.</param>
/// <param name="Alarms">What else is wrong.</param>
internal sealed record LinkStatus(
    string Peer, bool Usable, string? Dialect, long LocalBytes, long PeerBytes, bool Suspect, IReadOnlyList<string> Alarms)
{
    /// <summary>The link of a client to a hub.</summary>
    /// <param name="hub">What the client reports.</param>
    public static LinkStatus Of(PeerHubReport hub) => new(
        hub.HubName, hub.Usable, hub.Dialect, Left(hub.LocalPool), Left(hub.PeerPool), hub.Suspect, AlarmsOf(hub.NetworkMismatch, hub.SetBack));

    /// <summary>The link of a hub to a client.</summary>
    /// <param name="client">What the hub reports.</param>
    public static LinkStatus Of(PeerClientReport client) => new(
        client.ClientName,
        Left(client.LocalPool) > 0 && Left(client.PeerPool) > 0,
        client.Native ? "native" : "foreign",
        Left(client.LocalPool),
        Left(client.PeerPool),
        Suspect: false,
        AlarmsOf(client.NetworkMismatch, client.SetBack));

    private static long Left(PoolReport pool) => pool.Blocks.Sum(block => block.UnusedBytes);

    private static string[] AlarmsOf(bool networkMismatch, bool setBack) =>
    [
        .. networkMismatch ? ["network mismatch"] : Array.Empty<string>(),
        .. setBack ? ["set back"] : Array.Empty<string>(),
    ];
}
