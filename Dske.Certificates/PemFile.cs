using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Dske.Certificates;

/// <summary>Writes PEM files so that nobody reads half of one, and private keys so that nobody but their owner can ever read them.</summary>
internal static class PemFile
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerReadWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>More than any key that is made here takes as PEM, in characters.</summary>
    private const int MaxKeyLength = 2048;

    /// <summary>Writes a certificate or a revocation list, which are no secrets.</summary>
    public static void Write(string path, string pem) => Write(path, Encoding.ASCII.GetBytes(pem), Readable);

    /// <summary>Writes a private key (PKCS #8, not encrypted) for its owner alone. What passes through memory of ours is zeroed.</summary>
    public static void WriteKey(string path, ECDsa key)
    {
        var text = GC.AllocateArray<char>(MaxKeyLength, pinned: true);
        var bytes = GC.AllocateArray<byte>(MaxKeyLength, pinned: true);
        try
        {
            if (!key.TryExportPkcs8PrivateKeyPem(text, out var length))
            {
                throw new CryptographicException($"The private key is longer than {MaxKeyLength} characters as PEM.");
            }

            text[length++] = '\n';
            Encoding.ASCII.GetBytes(text.AsSpan(0, length), bytes);
            Write(path, bytes.AsSpan(0, length), OwnerReadWrite);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var draft = path + ".new";
        File.Delete(draft);

        // No buffer: what it held would stay in memory that is not ours.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
