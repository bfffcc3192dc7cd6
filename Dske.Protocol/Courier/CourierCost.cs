namespace Dske.Protocol.Courier;

/// <summary>How much work Argon2id is for a passphrase (RFC 9106 section 3.1).</summary>
/// <param name="MemoryKib">The memory, in KiB: <see cref="MinMemoryKib"/> to <see cref="MaxMemoryKib"/>.</param>
/// <param name="Passes">The passes over it: 1 to <see cref="MaxPasses"/>.</param>
/// <param name="Lanes">The lanes it is divided into: 1 to <see cref="MaxLanes"/>.</param>
public readonly record struct CourierCost(int MemoryKib, int Passes, int Lanes)
{
    /// <summary>The least memory, in KiB: 8 MiB.</summary>
    public const int MinMemoryKib = 8 * 1024;

    /// <summary>The most memory, in KiB: 256 MiB. Who made a file decides on it, so that it has to be bounded.</summary>
    public const int MaxMemoryKib = 256 * 1024;

    /// <summary>The most passes.</summary>
    public const int MaxPasses = 8;

    /// <summary>The most lanes.</summary>
    public const int MaxLanes = 8;

    /// <summary>What RFC 9106 recommends where memory is dear (section 4, second choice): 64 MiB, 3 passes, 4 lanes.</summary>
    public static CourierCost Default { get; } = new(64 * 1024, 3, 4);

    /// <summary>Whether all of it is within bounds.</summary>
    public bool IsBounded =>
        MemoryKib is >= MinMemoryKib and <= MaxMemoryKib && Passes is >= 1 and <= MaxPasses && Lanes is >= 1 and <= MaxLanes;
}
