using Dske.Protocol.Secrets;

namespace Dske.Protocol.KeyDelivery;

/// <summary>One key as a KME delivers it to an SAE (ETSI GS QKD 014 clause 6.3). Owns the key: dispose to zero it.</summary>
public sealed class DeliveredKey : IDisposable
{
    /// <summary>Pairs a key with its ID and takes ownership of the key.</summary>
    /// <param name="keyId">The key's ID.</param>
    /// <param name="key">The key, at least one byte.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty.</exception>
    public DeliveredKey(Guid keyId, SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0)
        {
            throw new ArgumentException("A key has at least one byte.", nameof(key));
        }

        KeyId = keyId;
        Key = key;
    }

    /// <summary>The key's ID, by which the other SAE asks for the same key.</summary>
    public Guid KeyId { get; }

    /// <summary>The key. It belongs to this object: clone it to keep it beyond <see cref="Dispose"/>.</summary>
    public SecretBytes Key { get; }

    /// <summary>The size of the key in bits, a multiple of 8.</summary>
    public int SizeBits => checked(Key.Length * 8);

    /// <summary>Zeroes the key. Harmless when repeated.</summary>
    public void Dispose() => Key.Dispose();

    /// <summary>Names the key by its ID and size, never by its content.</summary>
    public override string ToString() => $"DeliveredKey({KeyId}, {SizeBits} bits)";
}
