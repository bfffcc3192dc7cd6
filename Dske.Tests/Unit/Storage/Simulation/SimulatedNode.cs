using Dske.Protocol.Psrd;
using Dske.Storage.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A node's PSRD on a simulated disk. Switching it on again opens what is there.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private BlockStore? _store;

    public SimulatedNode(int seed)
    {
        var random = new Random(seed);
        Power = new Power(random);
        Disk = new SimulatedDisk(Power, random);
        Ledger = new SimulatedBlockLedger(Power, random);
    }

    public Power Power { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedBlockLedger Ledger { get; }

    public BlockStore Store => _store ??= new BlockStore(Disk, Ledger, new FakeTimeProvider());

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
