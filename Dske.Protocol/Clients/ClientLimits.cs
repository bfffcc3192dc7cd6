using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>How long a client waits for its hubs, and how much it asks of each.</summary>
public sealed record ClientLimits
{
    /// <summary>How long an encryptor waits for a key at most. Default 2.5 seconds.</summary>
    public TimeSpan EstablishTimeout { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long an exchange with one hub may go on, mostly in the background. Default 5 seconds.</summary>
    public TimeSpan HubTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How much longer than <see cref="EstablishTimeout"/> and <see cref="HubTimeout"/> it may take for each MiB of keys in a request, once there are
    /// more than 64 KiB: PSRD may have to be fetched before they can go out. Default 2 seconds.
    /// </summary>
    public TimeSpan TimePerMebibyte { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest that an encryptor waits for further hubs once enough of them have their share; less when the first ones were quick.
    /// Default 20 milliseconds.
    /// </summary>
    public TimeSpan MaxGrace { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The most exchanges that wait on one hub; it is skipped while there are as many. Default 64.</summary>
    public int MaxWaitingPerHub { get; init; } = 64;

    /// <summary>
    /// How many messages for single keys of the same two encryptors may be under way to each hub until further requests wait for one another, at least
    /// 1: they go together then, as soon as one of those is done. Default 2.
    /// </summary>
    public int MessagesPerPair { get; init; } = 2;

    /// <summary>How long such a request waits at most, more than zero. Default 20 milliseconds.</summary>
    public TimeSpan GatheringTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How many sets of shares are tried for a key when hubs lie, at least 1. Default 1,000, enough for every set in networks of up to 12
    /// hubs; 12,870 is enough for any. It bounds the time that liars can take.
    /// </summary>
    public int MaxCandidatesPerKey { get; init; } = ShareCollector.DefaultMaxCandidates;

    /// <summary>
    /// How long a delivered key is remembered, so that it is delivered once. It must outlast the hubs' share time to live and repeat
    /// window. Default 15 minutes.
    /// </summary>
    public TimeSpan TombstoneTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a key is kept that was rebuilt for a request which was refused because of another of its keys; the encryptor can have it by another
    /// request. Default 10 minutes.
    /// </summary>
    public TimeSpan RebuiltKeyTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The most of such keys, at least 0; the oldest go first, also when they have more than 32 MiB together. Default 1,024.</summary>
    public int MaxRebuiltKeys { get; init; } = 1024;

    /// <summary>
    /// How often hubs are asked who has an encryptor, at most, per second: each question takes 32 bytes of either pool at every hub. At least 1.
    /// Default 20.
    /// </summary>
    public int MaxLookUpsPerSecond { get; init; } = 20;

    /// <summary>How often a registration is renewed, which also tells whether the hub lost its state. Default 5 seconds.</summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause after a failed registration or refill; it doubles up to <see cref="MaxRetryPause"/>. Default 200 milliseconds.</summary>
    public TimeSpan MinRetryPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such pause. Default 2 seconds.</summary>
    public TimeSpan MaxRetryPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The least time between two registrations that answers without a signature asked for. Default 1 second.</summary>
    public TimeSpan MinRegistrationInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much longer it may take on account of the size of what is asked for, in bytes.</summary>
    internal TimeSpan ExtraTimeFor(long bytes) => bytes <= 64 * 1024 ? TimeSpan.Zero : TimePerMebibyte * (bytes / (1024.0 * 1024));

    /// <summary>How long to wait for the slower hubs once the quicker ones have decided the matter: as long as these took.</summary>
    internal TimeSpan GraceAfter(TimeSpan elapsed) => elapsed < MaxGrace ? elapsed : MaxGrace;
}
