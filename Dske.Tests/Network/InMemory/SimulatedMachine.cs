using Dske.Protocol.Psrd;
using Dske.Storage.Psrd;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// A machine that can lose power at every step in which it reaches for its disk. PSRD is kept by the code that keeps it in production, on a
/// simulated disk; every byte that is used is reported to the auditor.
/// </summary>
/// <remarks>Safe for concurrent use, but for starting it again, which one test drives.</remarks>
internal sealed class SimulatedMachine<TState> : NodeDisk<TState>
    where TState : class
{
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly IPsrdJournal _journal;
    private readonly ISimulatedState _state;
    private BlockStore _blocks;
    private WatchedPsrdStore _store;

    /// <summary>Makes a machine with an empty disk.</summary>
    /// <param name="seed">Says what becomes of what was not flushed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="journal">Who is told of every byte that is used.</param>
    /// <param name="makeState">Makes the state.</param>
    public SimulatedMachine(int seed, TimeProvider time, IPsrdJournal journal, Func<Power, Random, ISimulatedState> makeState)
    {
        (_random, _time, _journal) = (new Random(seed), time, journal);
        Power = new Power(_random);
        Disk = new SimulatedDisk(Power, _random);
        Ledger = new SimulatedBlockLedger(Power, _random);
        _state = makeState(Power, _random);
        (_blocks, _store) = Open();
    }

    private SimulatedMachine(SimulatedMachine<TState> original)
    {
        (_random, _time, _journal) = (new Random(original._random.Next()), original._time, original._journal);
        Power = new Power(_random);
        Disk = new SimulatedDisk(Power, _random, original.Disk);
        Ledger = new SimulatedBlockLedger(Power, _random, original.Ledger);
        _state = original._state.Copy(Power, _random);
        (_blocks, _store) = Open();
    }

    public Power Power { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedBlockLedger Ledger { get; }

    public override IPsrdStore Psrd => _store;

    public override TState State => (TState)_state;

    public override bool IsOn => Power.IsOn;

    /// <summary>How many steps after the next start the power goes again; null for never.</summary>
    public int? LossAfterStart { get; set; }

    /// <inheritdoc />
    public override void Kill()
    {
        using (Power.Gate.EnterScope())
        {
            Power.Cut();
        }
    }

    /// <inheritdoc />
    /// <exception cref="PowerLossException">The power went again meanwhile.</exception>
    public override void Reopen()
    {
        using (Power.Gate.EnterScope())
        {
            _store.Close();
            if (Power.IsOn)
            {
                _blocks.Dispose();
                _state.Flush();
            }
            else
            {
                Disk.LosePower();
                Ledger.LosePower();
                _state.LosePower();
                Power.Restore();
            }

            (Power.LossAt, LossAfterStart) = (Power.Steps + LossAfterStart, null);
            (_blocks, _store) = Open();
        }
    }

    /// <inheritdoc />
    public override NodeDisk<TState> Copy()
    {
        using (Power.Gate.EnterScope())
        {
            return new SimulatedMachine<TState>(this);
        }
    }

    public override void Dispose()
    {
        _store.Close();
        _blocks.Dispose();
    }

    private (BlockStore Blocks, WatchedPsrdStore Store) Open()
    {
        var blocks = new BlockStore(Disk, Ledger, _time);
        return (blocks, new WatchedPsrdStore(blocks, Power, _journal));
    }
}
