using System.Security.Cryptography;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Mixes a raw source (a quantum random number generator, say) with the operating system's generator by XOR: what comes out is at
/// least as good as the better of the two. The raw source passes the health tests of NIST SP 800-90B before it is mixed.
/// </summary>
/// <remarks>
/// Safe for concurrent use: no byte of the raw source goes to two callers. A raw source that fails (a health test, its end, an
/// error, a time-out) fails for good: nothing is drawn any more, from the operating system alone neither, until there is a new source,
/// which begins with the start-up test. The source is read from where it stands, never again from its beginning.
/// </remarks>
public sealed class MixedEntropySource : IEntropySource, IDisposable
{
    /// <summary>The lowest min-entropy that can be claimed, in bits per byte. Below it the health tests would hardly notice anything.</summary>
    public const double LowestMinEntropy = 0.1;

    /// <summary>The highest min-entropy that can be claimed, in bits per byte.</summary>
    public const double HighestMinEntropy = 8;

    private readonly IEntropySource _system;
    private readonly RawEntropyReader _raw;

    /// <summary>Begins to open the raw source and to test its first 1,024 bytes, without waiting for either.</summary>
    /// <param name="open">
    /// Opens the raw source; called once, on another thread, and may block. The stream should not buffer what it reads, and is disposed here.
    /// </param>
    /// <param name="system">What the raw source is mixed with.</param>
    /// <param name="minEntropyPerByte">
    /// The min-entropy that the raw source is claimed to have, in bits per byte: <see cref="LowestMinEntropy"/> to <see cref="HighestMinEntropy"/>.
    /// </param>
    /// <param name="readTimeout">How long the source may take for 1,024 bytes; the first time, opening included. More than 0.</param>
    /// <param name="time">The clock of the time-out.</param>
    /// <param name="alarm">Told once, on another thread, when the source fails, and before anybody else. Must not throw.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minEntropyPerByte"/> or <paramref name="readTimeout"/> is out of range.</exception>
    public MixedEntropySource(
        Func<Stream> open, IEntropySource system, double minEntropyPerByte, TimeSpan readTimeout, TimeProvider time, Action<EntropyException> alarm)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(alarm);
        if (!(minEntropyPerByte >= LowestMinEntropy && minEntropyPerByte <= HighestMinEntropy))
        {
            throw new ArgumentOutOfRangeException(nameof(minEntropyPerByte), minEntropyPerByte, $"The claim is {LowestMinEntropy} to {HighestMinEntropy} bits per byte.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(readTimeout, TimeSpan.Zero);
        _system = system;
        _raw = new RawEntropyReader(open, minEntropyPerByte, readTimeout, time, alarm);
    }

    /// <inheritdoc />
    /// <remarks>Waits for the raw source where necessary, at most the time-out for each 1,024 bytes. An exception leaves zeros.</remarks>
    /// <exception cref="EntropyException">The raw source has failed, before or meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">This source was disposed.</exception>
    public void Fill(Span<byte> destination)
    {
        try
        {
            _system.Fill(destination);
            _raw.XorInto(destination);
        }
        catch
        {
            // Nobody is to take for random what was not mixed.
            CryptographicOperations.ZeroMemory(destination);
            throw;
        }
    }

    /// <summary>Closes the raw source, once it lets go, and zeroes what was read of it.</summary>
    public void Dispose() => _raw.Dispose();
}
