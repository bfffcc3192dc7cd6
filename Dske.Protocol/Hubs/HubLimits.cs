namespace Dske.Protocol.Hubs;

/// <summary>What a hub grants its clients. Every bound keeps a client, honest or not, from taking the others' share.</summary>
public sealed record HubLimits
{
    /// <summary>The most registered clients. Default 10,000.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>The largest block handed out over HTTP, in bytes. Default 16 MiB; larger ones travel as files.</summary>
    public int MaxBlockSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most unused bytes in each pool of a client. Default 64 MiB.</summary>
    public long MaxPoolBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// The most blocks in each pool of a client that are not used up: small ones cost more than their bytes, and all of them have to fit
    /// into one sync. At most, and by default, 1,024.
    /// </summary>
    public int MaxBlocksPerPool { get; init; } = 1024;

    /// <summary>
    /// The most unused bytes in each pool of a client together with those that couriers carry to it. A file that would go beyond is not made. Default
    /// 16 GiB.
    /// </summary>
    public long MaxCourierBytes { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>The most blocks in each pool that wait until the client confirms that it has them; the oldest one goes. Default 16.</summary>
    public int MaxPendingBlocks { get; init; } = 16;

    /// <summary>How long such a block waits. Default 60 seconds.</summary>
    public TimeSpan PendingTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The most shares of one client; further ones are refused. Those that were delivered and are kept for <see cref="RepeatWindow"/> make room
    /// once <see cref="LeastRepeatTime"/> is over. Default 10,000: 1,000 keys a second that are fetched at once.
    /// </summary>
    public int MaxSharesPerClient { get; init; } = 10_000;

    /// <summary>The most bytes of such shares, in the same way. Default 64 MiB.</summary>
    public long MaxShareBytesPerClient { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a share waits to be fetched. Default 10 minutes.</summary>
    public TimeSpan ShareTimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the client that fetched a share may ask for it again: its answer may have been lost. Shorter when the posting client needs the
    /// room (<see cref="MaxSharesPerClient"/>), but not shorter than <see cref="LeastRepeatTime"/>. Default 60 seconds.
    /// </summary>
    public TimeSpan RepeatWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a delivered share makes no room for others: a key that was fetched a moment ago must not be called unknown when the answer was lost.
    /// Longer than a client waits for an answer. Nothing where <see cref="RepeatWindow"/> is shorter. Default 10 seconds.
    /// </summary>
    public TimeSpan LeastRepeatTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request for an unknown key is held, since the share may still be on its way. Default 300 milliseconds.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The most requests held at a time; further ones are answered at once. Default 1,024.</summary>
    public int MaxHeldRequests { get; init; } = 1024;

    /// <summary>
    /// How long a hub that began with nothing does not claim that an SAE is unknown: clients renew their registration every few seconds,
    /// and what it said would count as an answer. Default 0; the hub service sets 8 seconds.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.Zero;
}
