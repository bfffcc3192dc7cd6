using Dske.Protocol.Secrets;

namespace Dske.Tests.Vectors;

/// <summary>Gives out recorded draws, one a call, and fails when a call asks for another length. Not safe for concurrent use.</summary>
internal sealed class RecordedEntropySource(IReadOnlyList<byte[]> draws) : IEntropySource
{
    private int _next;

    /// <summary>Whether every draw was taken.</summary>
    public bool IsUsedUp => _next == draws.Count;

    public void Fill(Span<byte> destination)
    {
        Assert.True(_next < draws.Count, $"There are {draws.Count} recorded draws, and one more is asked for.");
        Assert.Equal(draws[_next].Length, destination.Length);
        draws[_next++].CopyTo(destination);
    }
}
