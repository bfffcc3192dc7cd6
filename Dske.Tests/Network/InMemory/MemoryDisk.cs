using Dske.Protocol.Psrd;

namespace Dske.Tests.Network.InMemory;

/// <summary>No disk at all: what a node keeps lasts as long as this object, over restarts too.</summary>
internal sealed class MemoryDisk<TState>(IPsrdStore psrd, TState state) : NodeDisk<TState>
{
    public override IPsrdStore Psrd => psrd;

    public override TState State => state;

    public override void Reopen()
    {
        // Nothing was lost.
    }

    public override void Dispose()
    {
        (psrd as IDisposable)?.Dispose();
        (state as IDisposable)?.Dispose();
    }
}
