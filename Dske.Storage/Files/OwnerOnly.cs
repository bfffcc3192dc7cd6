namespace Dske.Storage.Files;

/// <summary>Keeps directories and files to their owner: 0700 and 0600. Windows has no such modes; there the folder's access list decides.</summary>
internal static class OwnerOnly
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes a directory, or closes one that exists to everybody else, and the files in it.</summary>
    /// <exception cref="StorageException">It cannot be made or closed: another user's, say.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
                return;
            }

            var isNew = !Directory.Exists(directory);
            Directory.CreateDirectory(directory, DirectoryMode);
            Close(new DirectoryInfo(directory), DirectoryMode);
            foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
            {
                Close(file, FileMode);
            }

            if (isNew && Path.GetDirectoryName(directory) is { Length: > 0 } parent)
            {
                DirectoryFlush.Flush(parent);
            }
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(directory, e);
        }
    }

    private static void Close(FileSystemInfo entry, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows() && (entry.UnixFileMode & ~mode) != 0)
        {
            entry.UnixFileMode &= mode;
        }
    }
}
