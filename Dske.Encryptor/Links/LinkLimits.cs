namespace Dske.Encryptor.Links;

/// <summary>The ranges of what can be set, and the times that cannot.</summary>
internal static class LinkLimits
{
    public const int MinRollOverSeconds = 1;
    public const int MaxRollOverSeconds = 86_400;
    public const int DefaultRollOverSeconds = 60;

    public const long MinRollOverBytes = 1024 * 1024;
    public const long MaxRollOverBytes = 1L << 40;
    public const long DefaultRollOverBytes = 1L << 36;

    public const int MinMaxKeyAgeSeconds = 2;
    public const int MaxMaxKeyAgeSeconds = 604_800;
    public const int DefaultMaxKeyAgeSeconds = 3600;

    public const long MinPadBytes = 64 * 1024;
    public const long MaxPadBytes = 256 * 1024 * 1024;
    public const long DefaultPadBytes = 1024 * 1024;

    /// <summary>How many streams a link has at a time, those of either end together.</summary>
    public const int MaxStreams = 1024;

    /// <summary>How often an initiator shows that it is there, and learns whether the responder is.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>How long a responder that hears nothing believes that the initiator is there.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(7);

    /// <summary>How long an epoch is kept after the next one came.</summary>
    public static readonly TimeSpan EpochGrace = TimeSpan.FromSeconds(10);

    /// <summary>How long the other end may take to say what a stream is for, and a target to be connected.</summary>
    public static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);

    /// <summary>How long something that needs a link waits for it to come up.</summary>
    public static readonly TimeSpan UpWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a hello that may have arrived is sent again rather than given up.</summary>
    public static readonly TimeSpan HelloLife = TimeSpan.FromSeconds(30);

    /// <summary>The first and the longest pause between two attempts.</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);
}
