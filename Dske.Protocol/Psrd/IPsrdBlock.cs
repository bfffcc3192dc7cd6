namespace Dske.Protocol.Psrd;

/// <summary>
/// One block of PSRD in storage. Bytes leave it once: <see cref="Lease"/> raises the floor for good, hands the bytes out and erases
/// them. There is no way back, whatever happens afterwards.
/// </summary>
/// <remarks>
/// Not safe for concurrent use: the pool that holds the block calls it under its own lock. A block that was removed hands nothing out any
/// more: its methods throw an <see cref="InvalidOperationException"/>. Storage that fails throws an <see cref="IOException"/> that says which
/// file, and what to do: then nothing was handed out, and bytes that may be half erased are given up.
/// </remarks>
public interface IPsrdBlock
{
    /// <summary>The block's UUID, chosen by the hub.</summary>
    Guid Id { get; }

    /// <summary>The block's size, in bytes.</summary>
    long Size { get; }

    /// <summary>All bytes below it were leased and no longer exist in storage. From 0 to <see cref="Size"/>; it only rises.</summary>
    long Floor { get; }

    /// <summary>
    /// Whether both ends are known to have the block. Nothing is allocated from or taken out of an unconfirmed one: its other copy may
    /// never have arrived, or may have gone to somebody else.
    /// </summary>
    bool IsConfirmed { get; }

    /// <summary>When the block was added; unconfirmed blocks expire.</summary>
    DateTimeOffset AddedAt { get; }

    /// <summary>Reads bytes at or above the floor without using them, to check a signature.</summary>
    /// <param name="start">The first byte; at least <see cref="Floor"/>.</param>
    /// <param name="destination">Where to copy them; start + length is at most <see cref="Size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within floor and size.</exception>
    void Peek(long start, Span<byte> destination);

    /// <summary>
    /// Raises the floor to <paramref name="newFloor"/> and moves the bytes from the old floor to it into
    /// <paramref name="destination"/>. In durable storage: the new floor is durable before the bytes are read, and the bytes are
    /// erased and flushed before the method returns.
    /// </summary>
    /// <param name="newFloor">The new floor, above the present one and at most <see cref="Size"/>.</param>
    /// <param name="destination">Exactly newFloor - <see cref="Floor"/> bytes; the caller zeroes them after use.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="newFloor"/> or the destination's length does not fit.</exception>
    void Lease(long newFloor, Span<byte> destination);

    /// <summary>Raises the floor like <see cref="Lease"/> and erases the bytes below it, handing nothing out: they are given up.</summary>
    /// <param name="newFloor">The new floor, above the present one and at most <see cref="Size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="newFloor"/> does not fit.</exception>
    void Skip(long newFloor);

    /// <summary>Notes, durably, that both ends have the block. Harmless when repeated.</summary>
    void Confirm();
}
