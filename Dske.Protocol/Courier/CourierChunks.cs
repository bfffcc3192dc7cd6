using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Dske.Protocol.Courier;

/// <summary>
/// Seals and opens the chunks of one file: AES-256-GCM by the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-
/// Encryption and its Nonce-Reuse Misuse-Resistance"). The nonce of a chunk holds its number and whether it is the last one, and the header is
/// authenticated with each: none can be left out, moved, added, or taken from another file.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class CourierChunks : IDisposable
{
    /// <summary>How many bytes a chunk seals; the last one of a file may have fewer.</summary>
    public const int Size = 64 * 1024;

    /// <summary>The size of the tag behind each chunk, in bytes.</summary>
    public const int TagSize = 16;

    private const int NonceSize = 12;
    private const int NumberOffset = 3;
    private const int KeySize = 32;

    private readonly AesGcm _cipher;
    private readonly byte[] _header;

    private CourierChunks(AesGcm cipher, byte[] header) => (_cipher, _header) = (cipher, header);

    /// <summary>How many chunks a content has.</summary>
    public static long Count(long contentLength) => (contentLength + Size - 1) / Size;

    /// <summary>Makes the key of a file. With a passphrase this takes time and memory, as its header says.</summary>
    /// <param name="header">The header, whose cost is bounded.</param>
    /// <param name="secret">The secret, of the header's kind.</param>
    public static CourierChunks Create(CourierHeader header, CourierSecret secret)
    {
        // Of ours and pinned: the library takes arrays.
        var (passphrase, stretched) = (GC.AllocateArray<byte>(secret.Span.Length, pinned: true), GC.AllocateArray<byte>(KeySize, pinned: true));
        using var key = new SecretBytes(KeySize);
        try
        {
            ReadOnlySpan<byte> input = secret.Span;
            if (header.Kind == CourierSecretKind.Passphrase)
            {
                secret.Span.CopyTo(passphrase);
                var generator = new Argon2BytesGenerator();
                generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
                    .WithVersion(Argon2Parameters.Version13)
                    .WithMemoryAsKB(header.Cost.MemoryKib)
                    .WithIterations(header.Cost.Passes)
                    .WithParallelism(header.Cost.Lanes)
                    .WithSalt(header.Salt.ToArray())
                    .Build());
                generator.GenerateBytes(passphrase, stretched);
                input = stretched;
            }

            HKDF.DeriveKey(HashAlgorithmName.SHA256, input, key.Span, header.Salt.Span, Encoding.ASCII.GetBytes(Labels.CourierFile));
            return new CourierChunks(new AesGcm(key.Span, TagSize), header.ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
            CryptographicOperations.ZeroMemory(stretched);
        }
    }

    /// <summary>Seals a chunk.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="isLast">Whether it is the last one.</param>
    /// <param name="content">What to seal.</param>
    /// <param name="sealedChunk">Filled: as many bytes and the tag.</param>
    public void Seal(long number, bool isLast, ReadOnlySpan<byte> content, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number, isLast);
        _cipher.Encrypt(nonce, content, sealedChunk[..content.Length], sealedChunk[content.Length..], _header);
    }

    /// <summary>Opens a chunk.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="isLast">Whether it is the last one.</param>
    /// <param name="sealedChunk">The sealed bytes and the tag.</param>
    /// <param name="content">Filled with the content, when the result is true; otherwise zeroed.</param>
    /// <returns>False when the chunk is not that one of this file.</returns>
    public bool TryOpen(long number, bool isLast, ReadOnlySpan<byte> sealedChunk, Span<byte> content)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number, isLast);
        try
        {
            _cipher.Decrypt(nonce, sealedChunk[..content.Length], sealedChunk[content.Length..], content, _header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            content.Clear();
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _cipher.Dispose();

    /// <summary>Three zeros, the number in 8 bytes, 1 for the last chunk: the key is the file's own, so that this is enough.</summary>
    private static void WriteNonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[NumberOffset..], number);
        nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
