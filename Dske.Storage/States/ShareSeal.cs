using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Storage.States;

/// <summary>
/// Encrypts the values of shares for the database: AES-256-GCM under a key of each share's own. The key encrypts this one value and nothing
/// else ever, so that the nonce may be the same for all. What names the share and says whose it is, is bound to it.
/// </summary>
internal static class ShareSeal
{
    /// <summary>The size of a key, in bytes.</summary>
    public const int KeySize = 32;

    private const int TagSize = 16;
    private static readonly byte[] Nonce = new byte[12];

    /// <summary>Encrypts a value.</summary>
    /// <returns>The encrypted value, then the tag.</returns>
    public static byte[] Seal(ReadOnlySpan<byte> key, Guid instance, ShareRecord share)
    {
        var sealedValue = new byte[share.Value.Length + TagSize];
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(
            Nonce, share.Value.Span, sealedValue.AsSpan(0, share.Value.Length), sealedValue.AsSpan(share.Value.Length), Bound(instance, share));
        return sealedValue;
    }

    /// <summary>Decrypts a value.</summary>
    /// <returns>The share, whose value the caller disposes; null when the key does not fit the row.</returns>
    public static ShareRecord? Open(ReadOnlySpan<byte> key, Guid instance, ShareRow row)
    {
        if (row.Sealed.Length < TagSize)
        {
            return null;
        }

        var value = new SecretBytes(row.Sealed.Length - TagSize);
        var share = new ShareRecord(
            row.PostedBy, row.KeyId, row.Master, row.Slave, row.SlaveClient, row.Index, value, row.ExpiresAt, row.Delivered);
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(Nonce, row.Sealed.AsSpan(0, value.Length), row.Sealed.AsSpan(value.Length), value.Span, Bound(instance, share));
            return share;
        }
        catch (AuthenticationTagMismatchException)
        {
            value.Dispose();
            return null;
        }
    }

    /// <summary>Everything about a share that does not change, each part with its length before it.</summary>
    private static byte[] Bound(Guid instance, ShareRecord share)
    {
        var parts = new ArrayBufferWriter<byte>();
        Add(parts, instance.ToByteArray(bigEndian: true));
        Add(parts, Encoding.UTF8.GetBytes(share.PostedBy.Value));
        Add(parts, share.KeyId.ToByteArray(bigEndian: true));
        Add(parts, Encoding.UTF8.GetBytes(share.Master.Value));
        Add(parts, Encoding.UTF8.GetBytes(share.Slave.Value));
        Add(parts, Encoding.UTF8.GetBytes(share.SlaveClient.Value));
        BinaryPrimitives.WriteInt32BigEndian(parts.GetSpan(sizeof(int)), share.Index);
        parts.Advance(sizeof(int));
        return parts.WrittenSpan.ToArray();
    }

    private static void Add(ArrayBufferWriter<byte> parts, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(parts.GetSpan(sizeof(int)), part.Length);
        parts.Advance(sizeof(int));
        parts.Write(part);
    }
}
