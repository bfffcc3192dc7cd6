namespace Dske.Protocol.Secrets;

/// <summary>What else can be drawn from an <see cref="IEntropySource"/>.</summary>
public static class EntropySourceExtensions
{
    /// <summary>Draws a random (version 4) UUID, RFC 9562 section 5.4: 122 random bits.</summary>
    /// <param name="entropy">The source to draw 16 bytes from.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    /// <exception cref="EntropyException">The source has failed.</exception>
    public static Guid NextUuid(this IEntropySource entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Draws a fresh secret.</summary>
    /// <param name="entropy">The source to draw from.</param>
    /// <param name="length">The number of bytes, at least 0.</param>
    /// <returns>A secret that the caller owns and disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="entropy"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="EntropyException">The source has failed.</exception>
    public static SecretBytes NextSecret(this IEntropySource entropy, int length)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        var secret = new SecretBytes(length);
        try
        {
            entropy.Fill(secret.Span);
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }
}
