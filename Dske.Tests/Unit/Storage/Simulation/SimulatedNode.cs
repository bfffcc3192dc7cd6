using Dske.Protocol.Psrd;
using Dske.Storage.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A node's PSRD on a simulated disk. Switching it on again opens what is there.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private readonly int _erasedAtOnce;
    private BlockStore? _store;

    /// <summary>Makes a node with an empty disk.</summary>
    /// <param name="seed">Says what becomes of what was not flushed.</param>
    /// <param name="erasedAtOnce">How much of a removed block is erased at once, in bytes; null for what is in production.</param>
    public SimulatedNode(int seed, int? erasedAtOnce = null)
    {
        _erasedAtOnce = erasedAtOnce ?? BlockStore.ErasedAtOnce;
        var random = new Random(seed);
        Power = new Power(random);
        Disk = new SimulatedDisk(Power, random);
        Ledger = new SimulatedBlockLedger(Power, random);
    }

    public Power Power { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedBlockLedger Ledger { get; }

    public BlockStore Store => _store ??= new BlockStore(Disk, Ledger, new FakeTimeProvider(), _erasedAtOnce);

    /// <summary>Takes the power away and gives it back.</summary>
    public void LosePower()
    {
        Power.Cut();
        Disk.LosePower();
        Ledger.LosePower();
        Power.Restore();
        _store = null;
    }

    /// <summary>Stops the node as an operator does, and starts it again.</summary>
    public void Restart()
    {
        _store?.Dispose();
        _store = null;
    }

    /// <summary>What is surely on the disk of a block; null when there is nothing.</summary>
    public byte[]? Durable(PsrdPoolKey pool, Guid id) => Disk.Durable(BlockFileName.Of(pool, id));

    public void Dispose() => _store?.Dispose();
}
