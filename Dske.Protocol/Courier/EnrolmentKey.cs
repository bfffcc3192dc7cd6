using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Courier;

/// <summary>
/// The key that signs a sync which says what link begins, and for whom. A client that has lost its disk may read its file again, and begin with the
/// same bytes: as another instance it signs under another key all the same.
/// </summary>
internal static class EnrolmentKey
{
    private const int UuidSize = 16;

    /// <summary>Derives the key, by HKDF-SHA-256.</summary>
    /// <param name="key">The bytes of the file that the sync names as its signing key, <see cref="MessageMac.KeySize"/> of them; becomes the key.</param>
    /// <param name="link">The link that begins, as the sync says it.</param>
    /// <param name="instance">The instance that it belongs to, as the sync says it.</param>
    public static void Derive(Span<byte> key, Guid link, Guid instance)
    {
        Span<byte> info = stackalloc byte[Labels.CourierSync.Length + (2 * UuidSize)];
        var length = Encoding.ASCII.GetBytes(Labels.CourierSync, info);
        instance.TryWriteBytes(info[length..], bigEndian: true, out _);
        link.TryWriteBytes(info[(length + UuidSize)..], bigEndian: true, out _);
        Span<byte> derived = stackalloc byte[MessageMac.KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, info);
        derived.CopyTo(key);
        derived.Clear();
    }
}
