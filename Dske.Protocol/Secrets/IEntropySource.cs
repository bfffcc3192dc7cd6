namespace Dske.Protocol.Secrets;

/// <summary>Where keys, PSRD and key IDs come from. Implementations are safe for concurrent use.</summary>
public interface IEntropySource
{
    /// <summary>Fills <paramref name="destination"/> with independent, uniformly random bytes. An empty span is allowed.</summary>
    /// <param name="destination">The buffer to fill; it stays the caller's.</param>
    /// <exception cref="EntropyException">The source has failed: nothing is drawn from it any more.</exception>
    void Fill(Span<byte> destination);
}
