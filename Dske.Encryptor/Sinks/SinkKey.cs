using Dske.Encryptor.Establishment;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Sinks;

/// <summary>A key on its way to equipment, with what may be known of it. Disposing it zeroes the key.</summary>
/// <param name="established">What may be known of it.</param>
/// <param name="key">The key, which is this object's from now on.</param>
internal sealed class SinkKey(EstablishedKey established, SecretBytes key) : IDisposable
{
    /// <summary>What may be known of it.</summary>
    public EstablishedKey Established { get; } = established;

    /// <summary>The key itself.</summary>
    public SecretBytes Key { get; } = key;

    public void Dispose() => Key.Dispose();
}
