using Dske.Protocol;
using Dske.Protocol.KeyDelivery;

namespace Dske.Benchmarks.Load;

/// <summary>What load to put on a network, within bounds that keep a slip of the finger from becoming an attack.</summary>
internal sealed record LoadPlan
{
    /// <summary>The most exchanges at a time.</summary>
    public const int MaxConcurrency = 1024;

    /// <summary>The most keys of one request.</summary>
    public const int MaxNumber = KeyContainerCodec.DefaultMaxKeys;

    /// <summary>The most pairs of one run.</summary>
    public const long MaxPairs = 100_000_000;

    /// <summary>The shortest key, in bits.</summary>
    public const int MinSizeBits = KeySizes.MinBytes * 8;

    /// <summary>The longest key, in bits.</summary>
    public const int MaxSizeBits = KeySizes.MaxBytes * 8;

    /// <summary>The longest a run takes, warm-up aside, whether it counts time or pairs.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(10);

    /// <summary>The longest warm-up.</summary>
    public static readonly TimeSpan MaxWarmUp = TimeSpan.FromMinutes(2);

    /// <summary>Between whom; exchanges at a time are dealt out to them in turn.</summary>
    public required IReadOnlyList<KeyRoute> Routes { get; init; }

    /// <summary>The size of each key in bits: a multiple of 8 from <see cref="MinSizeBits"/> to <see cref="MaxSizeBits"/>.</summary>
    public int SizeBits { get; init; } = KeySizes.DefaultBytes * 8;

    /// <summary>How many keys each request asks for: 1 to <see cref="MaxNumber"/>.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How many exchanges run at a time: 1 to <see cref="MaxConcurrency"/>.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>How long exchanges are begun, at most <see cref="MaxDuration"/>.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many pairs to make, rounded up to whole requests, should they be made within <see cref="Duration"/>; null for as many as it takes.</summary>
    public long? Pairs { get; init; }

    /// <summary>How long to make keys beforehand that do not count, at most <see cref="MaxWarmUp"/>.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to ask by POST even for a single key, for which GET is enough.</summary>
    public bool AlwaysPosts { get; init; }

    /// <summary>Whether keys are asked for by POST.</summary>
    public bool Posts => AlwaysPosts || Number > 1;

    /// <summary>How many exchanges make <see cref="Pairs"/>.</summary>
    public long Exchanges => Pairs is { } pairs ? (pairs + Number - 1) / Number : long.MaxValue;
}
