using Dske.Protocol.Management;

namespace Dske.Console.Network;

/// <summary>How much random data one pool of a link holds.</summary>
/// <param name="Available">The bytes that can be used now; those of pending blocks are left out.</param>
/// <param name="Spent">The bytes that were used or given up since the snapshot before.</param>
/// <param name="Blocks">The blocks, in the order of use.</param>
public sealed record PoolLevel(long Available, long Spent, IReadOnlyList<BlockReport> Blocks)
{
    /// <summary>A pool of which nothing is known.</summary>
    public static readonly PoolLevel Empty = new(0, 0, []);

    /// <summary>How full it is, 0 to 1.</summary>
    /// <param name="target">The bytes that count as full, more than 0.</param>
    public double ShareOf(long target) => Math.Clamp((double)Available / target, 0, 1);

    /// <summary>The level of a pool.</summary>
    /// <param name="pool">What its client reports.</param>
    /// <param name="before">The level in the snapshot before; null when there is none to compare with.</param>
    internal static PoolLevel Of(PoolReport pool, PoolLevel? before)
    {
        var unused = pool.Blocks.ToDictionary(static block => block.Uuid, static block => block.UnusedBytes);

        // A block that is gone was used up, or given up: neither can be used again.
        var spent = before?.Blocks.Sum(block => Math.Max(0, block.UnusedBytes - unused.GetValueOrDefault(block.Uuid))) ?? 0;
        return new PoolLevel(pool.Blocks.Where(static block => !block.Pending).Sum(static block => block.UnusedBytes), spent, pool.Blocks);
    }

    /// <summary>The same level, with nothing spent since.</summary>
    internal PoolLevel AtRest() => Spent == 0 ? this : this with { Spent = 0 };
}
