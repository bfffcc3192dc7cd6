namespace Dske.Protocol.Psrd;

/// <summary>
/// Where a node keeps its PSRD. Safe for concurrent use by different pools; each pool is used by one caller at a time, beside whom blocks may be added
/// and withdrawn, and those removed that the caller has on none of its lists.
/// </summary>
public interface IPsrdStore
{
    /// <summary>Who is told of the bytes that pools over this storage use; null for nobody, which is the rule.</summary>
    IPsrdJournal? Journal => null;

    /// <summary>The blocks of a pool that are not used up, in the order in which they were added.</summary>
    /// <param name="pool">The pool; one that was never added to is empty.</param>
    IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool);

    /// <summary>Adds a block to a pool, all of it unused.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    /// <param name="data">The random bytes, at least one; copied. Zeroing the source stays the caller's duty.</param>
    /// <param name="confirmed">Whether both ends are known to have the block.</param>
    /// <exception cref="ArgumentException"><paramref name="data"/> is empty, or the pool knows the UUID (<see cref="Knows"/>).</exception>
    /// <exception cref="IOException">The storage failed: the message says which file, and what to do. Nothing was added.</exception>
    IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed = true);

    /// <summary>Adds a block piece by piece, so that one larger than memory can be added. It is there whole or not at all.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    /// <param name="size">The block's size, in bytes; at least 1.</param>
    /// <param name="fill">Called for consecutive pieces from the block's beginning to its end. What it throws is passed on; then nothing was added.</param>
    /// <param name="confirmed">Whether both ends are known to have the block.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1, or more than this kind of storage can hold.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="fill"/> is null.</exception>
    /// <exception cref="ArgumentException">The pool knows the UUID (<see cref="Knows"/>).</exception>
    /// <exception cref="IOException">The storage failed: the message says which file, and what to do. Nothing was added.</exception>
    IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed = true);

    /// <summary>
    /// Whether the pool holds the block, or held it once: then it must not be added again, lest bytes that were used come to life again.
    /// Durable storage remembers this for as long as it exists; storage that is gone with the process, for as long as that runs.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    bool Knows(PsrdPoolKey pool, Guid id);

    /// <summary>
    /// Takes back a block that was added and of which nothing was used: erased, and forgotten, so that it may be added again. Unknown blocks are ignored.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    /// <exception cref="InvalidOperationException">The block is confirmed, or bytes of it were leased.</exception>
    /// <exception cref="IOException">The storage failed: the message says which file, and what to do. To be repeated.</exception>
    void Withdraw(PsrdPoolKey pool, Guid id);

    /// <summary>
    /// Gives up a block for good: it hands nothing out any more, after another start neither, and its UUID stays known. Quick, so that it may be done
    /// under locks: what is left of the block is erased at once, or by <see cref="EraseRemoved"/> where that takes long. Unknown blocks are ignored.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The block's UUID.</param>
    /// <exception cref="IOException">
    /// The storage failed: the message says which file, and what to do. The block hands nothing out any more; another call, or opening the
    /// storage anew, goes on where this one failed. Only when not even the decision could be noted the block is there again then.
    /// </exception>
    void Remove(PsrdPoolKey pool, Guid id);

    /// <summary>
    /// Erases what is left of removed blocks. To be called now and then, beside all other uses and under no lock: it may be gigabytes. What is not
    /// erased when the storage is closed the next opening finds.
    /// </summary>
    /// <param name="cancellationToken">Ends it soon; the next call goes on.</param>
    /// <exception cref="IOException">The storage failed; the next call tries again.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    void EraseRemoved(CancellationToken cancellationToken)
    {
    }
}
