namespace Dske.Storage.Files;

/// <summary>Says in words for an operator what went wrong with a file, and what to do.</summary>
internal static class FileFaults
{
    /// <summary>The error number of a full disk on Unix, which is what an <see cref="IOException"/> carries there as its HResult.</summary>
    public const int NoSpace = 28;

    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    // "Disk quota exceeded" on Linux and on macOS.
    private static readonly int OverQuota = OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Whether an exception is one of those that file access throws.</summary>
    public static bool IsFault(Exception e) => e is (IOException or UnauthorizedAccessException) and not StorageException;

    public static StorageException Translate(string path, Exception e) => e switch
    {
        StorageException known => known,
        EndOfStreamException => CutOff(path, e),
        UnauthorizedAccessException => Denied(path, e),
        _ when e.HResult == ReadOnlyFileSystem => Denied(path, e),
        _ when e.HResult is NoSpace or WindowsDiskFull || e.HResult == OverQuota => Full(path, e),
        _ => new StorageException(
            path, $"It could not be read or written: {e.Message}", "Check the disk, then start the node again; nothing that was stored is lost.", e),
    };

    public static StorageException Full(string path, Exception? inner) => new(
        path, "The disk is full.", "Free some space; the node goes on by itself then, or starts again, and nothing that was stored is lost.", inner);

    public static StorageException Denied(string path, Exception? inner) => new(
        path, "It may not be read or written.", "Give the user who runs the node the ownership of the directory and all that is in it.", inner);

    public static StorageException CutOff(string path, Exception? inner) => new(
        path, "The file is shorter than it was.", "Put back the whole data directory as it was, or delete it to let the node begin with nothing.", inner);
}
