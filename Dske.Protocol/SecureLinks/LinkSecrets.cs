using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>What one end of a link holds of its keys, and makes the ciphers of its streams from. Safe for concurrent use.</summary>
public abstract class LinkSecrets : IDisposable
{
    /// <summary>The latest epoch in which this end may send; 0 when there is none yet.</summary>
    public abstract long SendEpoch { get; }

    /// <summary>Makes what fits a cipher, without keys.</summary>
    /// <param name="cipher">The cipher.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cipher"/> is none.</exception>
    public static LinkSecrets For(LinkCipher cipher) => cipher switch
    {
        LinkCipher.Aes256Gcm => new EpochRing(),
        LinkCipher.OneTimePad => new PadSecrets(),
        _ => throw new ArgumentOutOfRangeException(nameof(cipher), cipher, "A link has one of the ciphers."),
    };

    /// <summary>Takes what an epoch brings, to receive under it. Nothing is sent under it yet.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="hello">The hello, of this cipher.</param>
    /// <param name="unsignedHello">The same without its MAC.</param>
    /// <param name="keys">The keys that it names, in its order; they stay the caller's.</param>
    public abstract void Install(LinkRole role, LinkHello hello, ReadOnlySpan<byte> unsignedHello, IReadOnlyList<SecretBytes> keys);

    /// <summary>Sends under an epoch from now on, if it was installed and is later than the present one.</summary>
    /// <param name="epoch">The epoch, which the other end holds as well.</param>
    public abstract void Activate(long epoch);

    /// <summary>Makes both ciphers of a stream that begins in <paramref name="epoch"/>. The caller disposes them.</summary>
    /// <param name="nonces">Both nonces of the stream.</param>
    /// <param name="epoch">The epoch that its opener names.</param>
    /// <param name="sealer">Seals what this end sends.</param>
    /// <param name="opener">Opens what it receives.</param>
    /// <returns>False when there is no such epoch, or none any more.</returns>
    public abstract bool TryCreate(
        StreamNonces nonces, long epoch, [NotNullWhen(true)] out RecordSealer? sealer, [NotNullWhen(true)] out RecordOpener? opener);

    /// <summary>Zeroes the keys of this end. Streams do not go on.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroes the keys of this end.</summary>
    /// <param name="disposing">Whether it is disposed rather than finalized.</param>
    protected abstract void Dispose(bool disposing);
}
