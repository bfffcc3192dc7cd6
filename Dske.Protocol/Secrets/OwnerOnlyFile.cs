using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.Secrets;

/// <summary>Files with a secret, such as a token of one line or a private key as PEM, that nobody but their owner may look into.</summary>
public static class OwnerOnlyFile
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// Reads all that a file holds, but for one line break at its end. Where files have modes, one that is open to others is refused: the secret may be
    /// theirs by now.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLength">The most bytes to accept without that line break, at least 0.</param>
    /// <param name="content">The content without that line break, when the result is true; the caller disposes it.</param>
    /// <param name="problem">A sentence that names the file and says what to do, when the result is false.</param>
    /// <param name="isText">Whether a line break at its end is no part of the content; false for files of random bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative.</exception>
    public static bool TryRead(
        string path, int maxLength, [NotNullWhen(true)] out SecretBytes? content, [NotNullWhen(false)] out string? problem, bool isText = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        (content, problem) = (null, null);
        try
        {
            // The mode of the file that is open, not of what the path may name a moment later.
            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                problem = $"{path} is open to others than its owner: run chmod 600 on it, and replace what it holds if somebody may have read it.";
                return false;
            }

            // Room for a line break of two bytes, and one byte more that tells what just fits from what is too long.
            using var buffer = new SecretBytes(maxLength + 3);
            var length = 0;
            while (RandomAccess.Read(file, buffer.Span[length..], length) is > 0 and var read)
            {
                length += read;
            }

            var text = buffer.Span[..length];
            text = !isText ? text : text.EndsWith("\r\n"u8) ? text[..^2] : text.EndsWith("\n"u8) ? text[..^1] : text;
            if (text.Length > maxLength)
            {
                problem = $"{path} is longer than the {maxLength} bytes that it may hold.";
                return false;
            }

            content = SecretBytes.CopyOf(text);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = $"{path} cannot be read: {exception.Message}";
            return false;
        }
    }

    /// <summary>Writes a line and a line break, so that nobody else can ever read the file and nobody reads half of it.</summary>
    /// <param name="path">The file; one that exists is replaced. Its directory exists.</param>
    /// <param name="line">The line; it stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public static void WriteLine(string path, ReadOnlySpan<byte> line) => Write(path, line, "\n"u8);

    /// <summary>Writes what a file is to hold, so that nobody else can ever read it and nobody reads half of it.</summary>
    /// <param name="path">The file; one that exists is replaced, a link too, not what it leads to. Its directory exists.</param>
    /// <param name="content">The content; it stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, []);

    /// <summary>Removes what a process left that was killed while it wrote a file: the secret is in there. Harmless where there is none.</summary>
    /// <param name="path">The file that was written.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The remains cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The remains must not be removed.</exception>
    public static void RemoveDraft(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        File.Delete(DraftOf(path));
    }

    private static string DraftOf(string path) => path + ".new";

    private static void Write(string path, ReadOnlySpan<byte> content, ReadOnlySpan<byte> end)
    {
        ArgumentNullException.ThrowIfNull(path);
        var draft = DraftOf(path);

        // What lies there goes, and the new file is made only if nothing came to lie there since: a link that somebody put there is never followed.
        File.Delete(draft);

        // No buffer: what it held would stay in memory that is not ours.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerReadWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(content);
                file.Write(end);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            RemoveRemains(draft);
            throw;
        }
    }

    private static void RemoveRemains(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why it could not be written is what the caller hears.
        }
    }
}
