using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.KeyConfirmation;

/// <summary>
/// The proof that an encryptor holds a key: HMAC-SHA256 (RFC 2104, FIPS 180-4), keyed with it, over what the proof is bound to.
/// </summary>
/// <remarks>
/// <para>The message, in this order, numbers big-endian, "text" being its length in bytes (2 bytes) and its UTF-8:</para>
/// <list type="bullet">
/// <item>text: the label of the role (<see cref="ConfirmationRole"/>);</item>
/// <item>4 bytes: the length of the key in bytes, since HMAC takes a short key and the same key with zeros behind it for equal;</item>
/// <item>16 bytes: the key ID in the byte order of RFC 9562;</item>
/// <item>text: the initiator's SAE ID; text: the responder's SAE ID;</item>
/// <item>text: the purpose, where there is one. A proof without a purpose ends before it, and is no proof for any purpose.</item>
/// </list>
/// <para>
/// A proof lets whoever sees it test guesses of the key. That is hopeless for a key of 128 random bits or more, and the reason to
/// prove no shorter ones.
/// </para>
/// </remarks>
public static class ConfirmationProof
{
    /// <summary>The size of a proof in bytes.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    private const int MaxTextLength = sizeof(ushort) + (SaeId.MaxLength * 3);
    private const int MaxPurposeLength = sizeof(ushort) + (ConfirmationContext.MaxPurposeLength * 3);
    private const int MaxMessageLength = 64 + sizeof(int) + 16 + (2 * MaxTextLength) + MaxPurposeLength;

    /// <summary>Computes a proof.</summary>
    /// <param name="role">Whose proof it is.</param>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <param name="context">What to bind it to.</param>
    /// <param name="destination">Where to write it: at least <see cref="Size"/> bytes, of which the first <see cref="Size"/> are written.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="context"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="role"/> is none.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="key"/> was disposed.</exception>
    public static void Compute(ConfirmationRole role, SecretBytes key, ConfirmationContext context, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(context);
        if (destination.Length < Size)
        {
            throw new ArgumentException($"A proof needs {Size} bytes.", nameof(destination));
        }

        Span<byte> message = stackalloc byte[MaxMessageLength];
        HMACSHA256.HashData(key.Span, message[..WriteMessage(role, key.Length, context, message)], destination);
    }

    /// <summary>Computes a proof into a fresh array of <see cref="Size"/> bytes. A proof is no secret.</summary>
    /// <inheritdoc cref="Compute(ConfirmationRole, SecretBytes, ConfirmationContext, Span{byte})"/>
    public static byte[] Compute(ConfirmationRole role, SecretBytes key, ConfirmationContext context)
    {
        var proof = new byte[Size];
        Compute(role, key, context, proof);
        return proof;
    }

    /// <summary>Checks a proof that the other end sent, in a time that does not depend on how much of it is right.</summary>
    /// <param name="role">Whose proof it claims to be.</param>
    /// <param name="key">Our key; it stays the caller's.</param>
    /// <param name="context">What it must be bound to.</param>
    /// <param name="proof">The proof, of any length.</param>
    /// <returns>Whether the other end holds this key, for this context.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="context"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="role"/> is none.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="key"/> was disposed.</exception>
    public static bool Verify(ConfirmationRole role, SecretBytes key, ConfirmationContext context, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[Size];
        Compute(role, key, context, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }

    private static int WriteMessage(ConfirmationRole role, int keyLength, ConfirmationContext context, Span<byte> message)
    {
        var written = WriteText(LabelOf(role), message);
        BinaryPrimitives.WriteInt32BigEndian(message[written..], keyLength);
        written += sizeof(int);
        context.KeyId.TryWriteBytes(message[written..], bigEndian: true, out var idLength);
        written += idLength;
        written += WriteText(context.Initiator.Value, message[written..]);
        written += WriteText(context.Responder.Value, message[written..]);
        return context.Purpose is null ? written : written + WriteText(context.Purpose, message[written..]);
    }

    private static int WriteText(string text, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)length));
        return sizeof(ushort) + length;
    }

    private static string LabelOf(ConfirmationRole role) => role switch
    {
        ConfirmationRole.Initiator => Labels.KeyConfirmation.Initiator,
        ConfirmationRole.Responder => Labels.KeyConfirmation.Responder,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A proof is the initiator's or the responder's."),
    };
}
