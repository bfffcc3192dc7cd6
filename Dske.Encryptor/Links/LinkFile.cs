using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor.Links;

/// <summary>
/// Keeps links and tunnels over a restart, in a file that only its owner may read: replaced as a whole, so that it is never half of one. Without a
/// directory nothing is kept.
/// </summary>
/// <remarks>One at a time: the links' configuration lock is held where it is written.</remarks>
internal sealed class LinkFile
{
    /// <summary>The name of the file in the encryptor's directory.</summary>
    public const string Name = "links.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly string? _path;

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="IOException">The file or its directory cannot be used.</exception>
    public LinkFile(IOptions<EncryptorStorageOptions> options)
    {
        if (options.Value is { InMemory: false, Directory: { Length: > 0 } directory })
        {
            _path = Path.Combine(directory, Name);
            Stored = Read(directory, _path);
        }
    }

    /// <summary>What is kept.</summary>
    public StoredLinks Stored { get; private set; } = new([], []);

    /// <summary>Keeps something else from now on.</summary>
    /// <returns>Why it cannot be kept; null when it is.</returns>
    public string? Replace(StoredLinks stored)
    {
        if (_path is not null)
        {
            try
            {
                Write(_path, stored);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"{_path} cannot be written: {e.Message}";
            }
        }

        Stored = stored;
        return null;
    }

    private static StoredLinks Read(string directory, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
            }

            var file = new FileInfo(path);
            return !file.Exists
                ? new StoredLinks([], [])
                : file.Length <= MaxBytes && JsonSerializer.Deserialize(File.ReadAllBytes(path), StoredLinksJson.Default.StoredLinks) is { } stored
                    && stored.Links.All(static link => link is not null)
                    && stored.Tunnels.All(static tunnel => tunnel is not null)
                    ? stored
                    : throw new IOException($"{path} does not hold links and tunnels: delete it to begin without any.");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} does not hold links and tunnels, at {e.Path}: mend it, or delete it to begin without any.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static void Write(string path, StoredLinks stored)
    {
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, stored, StoredLinksJson.Default.StoredLinks);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
