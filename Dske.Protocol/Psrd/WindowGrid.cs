namespace Dske.Protocol.Psrd;

/// <summary>
/// The windows into which a block is cut for leasing. They follow from the block's size alone, so that both ends have the same grid
/// and an owner that lost its open window is never behind its receiver.
/// </summary>
public static class WindowGrid
{
    /// <summary>The smallest window, in bytes (the last one of a block may be shorter).</summary>
    public const int MinWindow = 512;

    /// <summary>The largest window, in bytes.</summary>
    public const int MaxWindow = 64 * 1024;

    private const int WindowsPerBlock = 64;

    /// <summary>The window size of a block, in bytes: a 64th of the block, within <see cref="MinWindow"/> and <see cref="MaxWindow"/>.</summary>
    /// <param name="blockSize">The size of the block, in bytes.</param>
    public static int WindowSize(long blockSize) => (int)Math.Clamp(blockSize / WindowsPerBlock, MinWindow, MaxWindow);

    /// <summary>Where the window that holds byte <paramref name="position"/> ends (exclusive), within the block.</summary>
    /// <param name="blockSize">The size of the block, in bytes.</param>
    /// <param name="position">A byte of the block.</param>
    public static long WindowEnd(long blockSize, long position)
    {
        var window = WindowSize(blockSize);
        var begin = position - (position % window);
        return blockSize - begin > window ? begin + window : blockSize;
    }
}
