namespace Dske.Protocol.Psrd;

/// <summary>Where a node keeps its PSRD. Safe for concurrent use by different pools; each pool is used by one caller at a time.</summary>
public interface IPsrdStore
{
    /// <summary>The blocks of a pool that are not used up, in the order in which they were added.</summary>
    /// <param name="pool">The pool; one that was never added to is empty.</param>
    IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool);

    /// <summary>Adds a block to a pool, all of it unused.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    /// <param name="data">The random bytes, at least one; copied. Zeroing the source stays the caller's duty.</param>
    /// <param name="confirmed">Whether both ends are known to have the block.</param>
    /// <exception cref="ArgumentException"><paramref name="data"/> is empty, or the pool holds a block of this UUID.</exception>
    IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed = true);

    /// <summary>Erases what is left of a block and forgets it. Unknown blocks are ignored.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    void Remove(PsrdPoolKey pool, Guid id);
}
