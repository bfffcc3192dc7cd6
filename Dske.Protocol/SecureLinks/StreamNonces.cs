using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// What makes a stream like no other: a fresh nonce of either end. Each end has drawn one of them itself, so a recorded stream that is played again is
/// another stream, whose records do not open.
/// </summary>
/// <param name="Accepter">The nonce of the end that the stream was opened to.</param>
/// <param name="Opener">The nonce of the end that opened it.</param>
public readonly record struct StreamNonces(Guid Accepter, Guid Opener)
{
    /// <summary>The size of both, in bytes.</summary>
    public const int Size = 32;

    /// <summary>Draws one nonce: 16 random bytes.</summary>
    /// <param name="entropy">The source.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    public static Guid Draw(IEntropySource entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Writes both, the accepter's first.</summary>
    /// <param name="destination">Where to: the first <see cref="Size"/> bytes are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void Write(Span<byte> destination)
    {
        Accepter.TryWriteBytes(destination[..16], bigEndian: true, out _);
        Opener.TryWriteBytes(destination[16..Size], bigEndian: true, out _);
    }
}
