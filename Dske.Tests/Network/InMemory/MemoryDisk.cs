using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>No disk at all: what a node keeps lasts as long as this object, over restarts too.</summary>
internal sealed class MemoryDisk<TState>(TimeProvider time, TState state) : NodeDisk<TState>
{
    private readonly InMemoryPsrdStore _psrd = new(time);

    public override IPsrdStore Psrd => _psrd;

    public override TState State => state;

    public override void Reopen()
    {
        // Nothing was lost.
    }

    public override void Dispose()
    {
        _psrd.Dispose();
        (state as IDisposable)?.Dispose();
    }
}
