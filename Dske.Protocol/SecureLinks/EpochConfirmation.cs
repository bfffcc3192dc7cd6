using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// Proves that both ends hold the keys of a hello: HMAC-SHA256 over each message of the agreement, keyed with what HKDF-SHA256 (RFC 5869) derives
/// from the first key. Everything is bound to the whole hello: names, instances, epoch, cipher and key IDs.
/// </summary>
/// <remarks>Owns its key: dispose to zero it. Safe for concurrent use but for the disposal.</remarks>
public sealed class EpochConfirmation : IDisposable
{
    /// <summary>The size of a MAC in bytes.</summary>
    public const int MacSize = HMACSHA256.HashSizeInBytes;

    /// <summary>How many bytes of the first key it is derived from. Of a one-time pad they serve for nothing else.</summary>
    public const int RootSize = 32;

    private readonly SecretBytes _key;
    private readonly byte[] _transcript;

    private EpochConfirmation(SecretBytes key, byte[] transcript) => (_key, _transcript) = (key, transcript);

    /// <summary>Derives the key of an epoch's confirmation.</summary>
    /// <param name="unsignedHello">The hello without its MAC.</param>
    /// <param name="root">The first <see cref="RootSize"/> bytes of its first key; they stay the caller's.</param>
    /// <exception cref="ArgumentException"><paramref name="root"/> has another length.</exception>
    public static EpochConfirmation Derive(ReadOnlySpan<byte> unsignedHello, ReadOnlySpan<byte> root)
    {
        if (root.Length != RootSize)
        {
            throw new ArgumentException($"The root has {RootSize} bytes.", nameof(root));
        }

        var transcript = SHA256.HashData(unsignedHello);
        Span<byte> prk = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, root, transcript, prk);
        try
        {
            return new EpochConfirmation(Expand(prk, Labels.SecureLink.Confirmation), transcript);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(prk);
        }
    }

    /// <summary>Computes the MAC of a message.</summary>
    /// <param name="content">The message without its MAC.</param>
    /// <param name="mac">Where to: <see cref="MacSize"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="mac"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public void Sign(ReadOnlySpan<byte> content, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Span);
        hmac.AppendData(_transcript);
        hmac.AppendData(content);
        hmac.GetHashAndReset(mac);
    }

    /// <summary>Writes a whole message with its MAC.</summary>
    /// <param name="message">What to say.</param>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public byte[] Write(LinkConfirmation message)
    {
        var bytes = new byte[LinkConfirmation.Size];
        message.WriteUnsigned(bytes);
        Sign(bytes.AsSpan(0, LinkConfirmation.UnsignedSize), bytes.AsSpan(LinkConfirmation.UnsignedSize));
        return bytes;
    }

    /// <summary>Checks the MAC at the end of a message, in a time that does not depend on how much of it is right.</summary>
    /// <param name="message">The whole message.</param>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public bool Verify(ReadOnlySpan<byte> message)
    {
        if (message.Length < MacSize)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[MacSize];
        Sign(message[..^MacSize], expected);
        return CryptographicOperations.FixedTimeEquals(expected, message[^MacSize..]);
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    internal static SecretBytes Expand(ReadOnlySpan<byte> prk, string label)
    {
        var output = new SecretBytes(SHA256.HashSizeInBytes);
        Span<byte> info = stackalloc byte[label.Length];
        Encoding.ASCII.GetBytes(label, info);
        HKDF.Expand(HashAlgorithmName.SHA256, prk, output.Span, info);
        return output;
    }
}
