using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.KeyConfirmation;

/// <summary>
/// What people and dashboards compare to see whether two ends hold the same key: the first four bytes of an HMAC-SHA256 keyed with it,
/// as eight hexadecimal digits in lower case.
/// </summary>
/// <remarks>
/// The message is the UTF-8 of its own label, then the length of the key in bytes (4 bytes, big-endian). Different keys agree by
/// chance once in 2^32: a fingerprint is for eyes, a <see cref="ConfirmationProof"/> is what decides.
/// </remarks>
public static class KeyFingerprint
{
    /// <summary>The length of a fingerprint in characters.</summary>
    public const int Length = 2 * Size;

    private const int Size = 4;

    /// <summary>Computes the fingerprint of a key.</summary>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="key"/> was disposed.</exception>
    public static string Of(SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> message = stackalloc byte[Labels.KeyFingerprint.Length + sizeof(int)];
        var written = Encoding.UTF8.GetBytes(Labels.KeyFingerprint, message);
        BinaryPrimitives.WriteInt32BigEndian(message[written..], key.Length);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, message, hash);
        return Convert.ToHexStringLower(hash[..Size]);
    }
}
