namespace Dske.Protocol.Psrd;

/// <summary>Produces a piece of a block that is being added to storage.</summary>
/// <param name="offset">Where the piece begins within the block, in bytes.</param>
/// <param name="destination">The piece to fill, all of it; the storage zeroes it after use.</param>
public delegate void PsrdFill(long offset, Span<byte> destination);
