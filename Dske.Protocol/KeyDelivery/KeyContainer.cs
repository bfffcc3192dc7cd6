namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// The keys of one answer to Get key or Get key with key IDs (ETSI GS QKD 014 clause 6.3). Owns them: dispose to zero them all.
/// <see cref="KeyContainerCodec"/> reads and writes its JSON.
/// </summary>
public sealed class KeyContainer : IDisposable
{
    /// <summary>Collects keys and takes ownership of them.</summary>
    /// <param name="keys">The keys, in the order of the answer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public KeyContainer(IReadOnlyList<DeliveredKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Keys = keys;
    }

    /// <summary>The keys, in the order of the answer.</summary>
    public IReadOnlyList<DeliveredKey> Keys { get; }

    /// <summary>Zeroes all keys. Harmless when repeated.</summary>
    public void Dispose()
    {
        foreach (var key in Keys)
        {
            key.Dispose();
        }
    }

    /// <summary>Says how many keys there are, never what they are.</summary>
    public override string ToString() => $"KeyContainer({Keys.Count} keys)";
}
