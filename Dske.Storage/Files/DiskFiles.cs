namespace Dske.Storage.Files;

/// <summary>The files of a directory on a disk.</summary>
/// <param name="directory">The full path of a directory that exists.</param>
internal sealed class DiskFiles(string directory) : IStorageFiles
{
    public string PathOf(string name) => Path.Combine(directory, name);

    public IReadOnlyList<string> List()
        => Guard(directory, () => (IReadOnlyList<string>)[.. new DirectoryInfo(directory).EnumerateFiles().Select(file => file.Name)]);

    public long? LengthOf(string name) => Guard(PathOf(name), () => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : (long?)null);

    public IStorageFile Create(string name) => Open(name, FileMode.CreateNew);

    public IStorageFile Open(string name) => Open(name, FileMode.Open);

    public void Rename(string name, string newName) => Guard(PathOf(name), () => File.Move(PathOf(name), PathOf(newName)));

    public void Delete(string name) => Guard(PathOf(name), () => File.Delete(PathOf(name)));

    public void FlushNames() => Guard(directory, () => DirectoryFlush.Flush(directory));

    private DiskFile Open(string name, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly.FileMode;
        }

        return Guard(PathOf(name), () => new DiskFile(PathOf(name), new FileStream(PathOf(name), options)));
    }

    private static void Guard(string path, Action action) => Guard<object?>(path, () =>
    {
        action();
        return null;
    });

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }
}
