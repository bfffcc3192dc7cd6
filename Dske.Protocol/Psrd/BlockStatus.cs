namespace Dske.Protocol.Psrd;

/// <summary>How much of a block is left: what management may show.</summary>
/// <param name="BlockId">The block.</param>
/// <param name="Size">The size of the block, in bytes.</param>
/// <param name="UnusedBytes">The bytes that can still be used at this end.</param>
/// <param name="IsConfirmed">Whether both ends are known to have the block. Otherwise it waits, and nothing is used of it.</param>
/// <param name="IsCouriered">Whether it waits for a courier to bring its other copy.</param>
public readonly record struct BlockStatus(Guid BlockId, long Size, long UnusedBytes, bool IsConfirmed = true, bool IsCouriered = false)
{
    /// <summary>The bytes that were used or given up.</summary>
    public long UsedBytes => Size - UnusedBytes;
}
