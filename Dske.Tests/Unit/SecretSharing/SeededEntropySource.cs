using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>Bytes that look random and are the same in every run. Safe for concurrent use.</summary>
internal sealed class SeededEntropySource(int seed) : IEntropySource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination)
    {
        lock (_random)
        {
            _random.NextBytes(destination);
        }
    }
}
