using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The secrets of one epoch under AES-256-GCM, one for each direction, from which each stream has keys of its own: derived with HKDF-SHA256 from
/// the key of the hello, the hello itself and both ends' nonces of the stream.
/// </summary>
/// <remarks>Owns the secrets: dispose to zero them. Safe for concurrent use but for the disposal.</remarks>
public sealed class EpochKeys : IDisposable
{
    /// <summary>The size of the key of a hello, and of a stream's key, in bytes.</summary>
    public const int KeySize = 32;

    private readonly SecretBytes _send;
    private readonly SecretBytes _receive;

    private EpochKeys(long number, SecretBytes send, SecretBytes receive) => (Number, _send, _receive) = (number, send, receive);

    /// <summary>The epoch.</summary>
    public long Number { get; }

    /// <summary>Derives the secrets of an epoch.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="unsignedHello">The hello without its MAC.</param>
    /// <param name="key">The key that it names; it stays the caller's.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> has another length than <see cref="KeySize"/>.</exception>
    public static EpochKeys Derive(LinkRole role, long epoch, ReadOnlySpan<byte> unsignedHello, ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"The key has {KeySize} bytes.", nameof(key));
        }

        Span<byte> prk = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> transcript = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(unsignedHello, transcript);
        HKDF.Extract(HashAlgorithmName.SHA256, key, transcript, prk);
        try
        {
            var toResponder = EpochConfirmation.Expand(prk, Labels.SecureLink.ToResponder);
            var toInitiator = EpochConfirmation.Expand(prk, Labels.SecureLink.ToInitiator);
            return role == LinkRole.Initiator ? new EpochKeys(epoch, toResponder, toInitiator) : new EpochKeys(epoch, toInitiator, toResponder);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(prk);
        }
    }

    /// <summary>Derives the key with which this end seals a stream. The caller disposes it.</summary>
    /// <param name="nonces">Both nonces of the stream, the accepter's first.</param>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public SecretBytes DeriveSendKey(StreamNonces nonces) => Derive(_send, nonces);

    /// <summary>Derives the key with which this end opens a stream. The caller disposes it.</summary>
    /// <param name="nonces">Both nonces of the stream, the accepter's first.</param>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public SecretBytes DeriveReceiveKey(StreamNonces nonces) => Derive(_receive, nonces);

    /// <inheritdoc />
    public void Dispose()
    {
        _send.Dispose();
        _receive.Dispose();
    }

    private static SecretBytes Derive(SecretBytes secret, StreamNonces nonces)
    {
        const string label = Labels.SecureLink.Stream;
        Span<byte> info = stackalloc byte[label.Length + StreamNonces.Size];
        Encoding.ASCII.GetBytes(label, info);
        nonces.Write(info[label.Length..]);
        var key = new SecretBytes(KeySize);
        HKDF.Expand(HashAlgorithmName.SHA256, secret.Span, key.Span, info);
        return key;
    }
}
