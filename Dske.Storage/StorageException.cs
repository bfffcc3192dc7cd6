namespace Dske.Storage;

/// <summary>
/// Storage failed or cannot be used as it is. The message names the file and says what to do; it never holds any content. Nothing that
/// was stored before is lost by it.
/// </summary>
public sealed class StorageException : IOException
{
    internal StorageException(string path, string problem, string remedy, Exception? inner = null)
        : base($"{path}: {problem} {remedy}", inner)
        => Path = path;

    /// <summary>The file or directory that is concerned.</summary>
    public string Path { get; }
}
