using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.SecureLinks;

/// <summary>What one end of a link holds of its keys, and makes the ciphers of its streams from. Safe for concurrent use.</summary>
public abstract class LinkSecrets : IDisposable
{
    /// <summary>The latest epoch in which this end may send; 0 when there is none yet.</summary>
    public abstract long SendEpoch { get; }

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
