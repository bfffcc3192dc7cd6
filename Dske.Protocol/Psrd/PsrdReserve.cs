namespace Dske.Protocol.Psrd;

/// <summary>
/// What a pool of a native link keeps back for messages that mend the link: with nothing left to sign them with, it could only be
/// thrown away.
/// </summary>
public static class PsrdReserve
{
    /// <summary>The most that is kept back, in bytes.</summary>
    public const int MaxBytes = 4096;

    private const int ShareOfLargestBlock = 8;

    /// <summary>The reserve of a pool, in bytes: 4 KiB, or an eighth of its largest block if that is less.</summary>
    /// <param name="largestBlock">The size of the largest block in the pool, in bytes; 0 when it has none.</param>
    public static long Of(long largestBlock) => Math.Min(MaxBytes, largestBlock / ShareOfLargestBlock);
}
