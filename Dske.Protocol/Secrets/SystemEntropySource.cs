using System.Security.Cryptography;

namespace Dske.Protocol.Secrets;

/// <summary>The operating system's cryptographic random number generator.</summary>
public sealed class SystemEntropySource : IEntropySource
{
    private SystemEntropySource()
    {
    }

    /// <summary>The only instance; safe for concurrent use.</summary>
    public static SystemEntropySource Instance { get; } = new();

    /// <inheritdoc />
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
