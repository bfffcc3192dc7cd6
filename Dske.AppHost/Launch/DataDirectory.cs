using System.Diagnostics.CodeAnalysis;
using Dske.AppHost.Control;

namespace Dske.AppHost.Launch;

/// <summary>
/// The directory in which the nodes of one network keep their state: random data, shares, tokens. Only its owner may look into it. A
/// file in it marks it as ours and is locked as long as the network runs, since two networks that share stored random data would
/// both use the same bytes.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Marks a data directory, and is locked while a network uses it.</summary>
    public const string MarkerName = "dske-network.lock";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _marker;

    private DataDirectory(string path, FileStream marker)
    {
        Path = path;
        _marker = marker;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Creates the directory, or takes an existing one that is empty or was created here.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="fresh">Whether to delete what is stored in it.</param>
    /// <param name="directory">The directory, when the result is true. Dispose of it when the network has stopped.</param>
    /// <param name="problem">Why it cannot be used and what to do, when the result is false.</param>
    public static bool TryOpen(
        string path, bool fresh, [NotNullWhen(true)] out DataDirectory? directory, [NotNullWhen(false)] out string? problem)
    {
        directory = null;
        problem = null;
        var marker = System.IO.Path.Combine(path, MarkerName);
        try
        {
            if (Directory.Exists(path) && !File.Exists(marker) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                problem = $"{path} holds files that are not of a network: name an empty or a new directory with --data.";
                return false;
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly);
                File.SetUnixFileMode(path, OwnerOnly);
            }

            directory = new DataDirectory(path, new FileStream(marker, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            // Of a network that was killed: nobody is to ask its address.
            File.Delete(System.IO.Path.Combine(path, ControlFile.Name));
            if (fresh)
            {
                directory.Empty();
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            directory?.Dispose();
            directory = null;
            problem = $"The data directory cannot be used: {e.Message} "
                + "If another network runs on it, stop that one or name another directory with --data.";
            return false;
        }
    }

    public void Dispose() => _marker.Dispose();

    private void Empty()
    {
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos().Where(entry => entry.Name != MarkerName))
        {
            // A link is deleted, not followed.
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
