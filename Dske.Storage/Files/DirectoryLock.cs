namespace Dske.Storage.Files;

/// <summary>
/// Holds a directory for one process: two nodes on the same stored PSRD would use the same bytes. The system lets go of it when the process
/// ends, however it ends.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    public const string FileName = "lock";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="StorageException">Somebody holds the directory already, or it may not be written.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly.FileMode;
        }

        try
        {
            return new DirectoryLock(new FileStream(path, options));
        }
        catch (IOException e) when (e.HResult != FileFaults.NoSpace && File.Exists(path))
        {
            throw new StorageException(
                directory,
                "The data directory is in use.",
                "Two nodes on the same stored random data would use the same bytes: stop the other process, or give this node a directory of its own.",
                e);
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }

    public void Dispose() => _file.Dispose();
}
