using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>Random bytes from a seed; remembers everything it gave.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class RecordedEntropy(int seed) : IEntropySource
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    /// <summary>All that was drawn, in order.</summary>
    public List<byte[]> Drawn { get; } = [];

    public void Fill(Span<byte> destination)
    {
        using (_lock.EnterScope())
        {
            _random.NextBytes(destination);
            Drawn.Add(destination.ToArray());
        }
    }
}
