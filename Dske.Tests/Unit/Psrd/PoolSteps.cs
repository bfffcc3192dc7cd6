using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>What tests do with pools, in few words.</summary>
internal static class PoolSteps
{
    /// <summary>The size of a signing key, in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Allocates bytes as a signing key of any size, for tests that are after a position; null when refused.</summary>
    public static (Allocation Named, byte[] Bytes)? Allocate(this LocalPool pool, int size)
    {
        var bytes = new byte[size];
        return pool.TryAllocate(default, bytes, out _, out var named) == PsrdOutcome.Ok ? (named!, bytes) : null;
    }

    /// <summary>Reads without using.</summary>
    public static PsrdOutcome TryRead(this PeerPool pool, Allocation named, out byte[] bytes, int? size = null)
    {
        bytes = new byte[size ?? (int)Math.Clamp(named.Size, 0, 1 << 24)];
        return pool.TryRead(named, bytes);
    }

    /// <summary>Uses up bytes as if they were a signing key of their size.</summary>
    public static PsrdOutcome Take(this PeerPool pool, params ReadOnlySpan<Fragment> fragments)
    {
        var named = new Allocation(fragments);
        var taken = pool.TryTake(named, (int)named.Size, null, default, out var outcome);
        Assert.Equal(taken, outcome == PsrdOutcome.Ok);
        return outcome;
    }

    /// <summary>What tells whether anything changed: the unused bytes of every block.</summary>
    public static string Describe(this PeerPool pool) => string.Join(',', pool.GetStatus().Select(block => $"{block.BlockId}:{block.UnusedBytes}"));

    /// <inheritdoc cref="Describe(PeerPool)" />
    public static string Describe(this LocalPool pool) => string.Join(',', pool.GetStatus().Select(block => $"{block.BlockId}:{block.UnusedBytes}"));
}
