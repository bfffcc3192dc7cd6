namespace Dske.Protocol.Topology;

/// <summary>How much pre-shared random data (PSRD) the two pools of each link hold. All sizes are in bytes and per pool.</summary>
public sealed record PsrdSettings
{
    /// <summary>The least <see cref="BlockSize"/>: one lease window.</summary>
    public const int MinBlockSize = 512;

    /// <summary>The greatest <see cref="BlockSize"/>: 16 MiB. A block travels in one message.</summary>
    public const int MaxBlockSize = 16 * 1024 * 1024;

    /// <summary>The least <see cref="RefillBelow"/>: 8 KiB. A pool keeps its last 4 KiB back, so less would refill too late.</summary>
    public const int MinRefillBelow = 8 * 1024;

    /// <summary>The greatest <see cref="RefillTo"/>: 1 GiB.</summary>
    public const int MaxRefillTo = 1024 * 1024 * 1024;

    /// <summary>The greatest number of blocks in <see cref="RefillTo"/>: both ends name every block when they synchronize.</summary>
    public const int MaxBlocks = 1024;

    /// <summary>The size of the blocks that a client asks for; from 512 bytes to 16 MiB, by default 256 KiB.</summary>
    public int BlockSize { get; init; } = 256 * 1024;

    /// <summary>
    /// A pool with fewer bytes than this is refilled; at least 8 KiB and less than <see cref="RefillTo"/>, by default 64 KiB.
    /// </summary>
    public int RefillBelow { get; init; } = 64 * 1024;

    /// <summary>
    /// Refilling goes on until a pool has at least this many bytes; more than <see cref="RefillBelow"/>, at most 1 GiB and at most
    /// 1,024 blocks, by default 256 KiB.
    /// </summary>
    public int RefillTo { get; init; } = 256 * 1024;
}
