using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// Both ends of a pool on simulated disks, and an auditor who sees every byte that either end uses. After a stop of either end the two agree
/// as a sync does: the higher floor counts, and what one end does not have the other drops.
/// </summary>
internal sealed class LinkSchedule : IDisposable
{
    private readonly Random _random;
    private readonly PsrdBlocks _blocks;
    private readonly SimulatedNode _ownersNode;
    private readonly SimulatedNode _receiversNode;
    private readonly Dictionary<Guid, bool[]> _allocated;
    private readonly Dictionary<Guid, bool[]> _taken;
    private readonly List<(Allocation Named, byte[] Bytes)> _inFlight = [];
    private LocalPool _owner;
    private PeerPool _receiver;
    private int _added;

    public LinkSchedule(int seed)
    {
        _random = new Random(seed);
        _blocks = new PsrdBlocks(seed, Enumerable.Range(0, 6).Select(_ => _random.Next(1, 4000)));
        _ownersNode = new SimulatedNode(seed + 2_000_000);
        _receiversNode = new SimulatedNode(seed + 3_000_000);
        _allocated = _blocks.All.ToDictionary(block => block.Id, block => new bool[block.Data.Length]);
        _taken = _blocks.All.ToDictionary(block => block.Id, block => new bool[block.Data.Length]);
        _owner = new LocalPool(_ownersNode.Store, PsrdBlocks.Pool);
        _receiver = new PeerPool(_receiversNode.Store, PsrdBlocks.Pool);
    }

    /// <summary>Messages that arrived whole.</summary>
    public int Received { get; private set; }

    /// <summary>Runs steps until an end loses power, if it does.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="lossAt">The step of the end's disk at which the power goes.</param>
    /// <param name="atOwner">Which end.</param>
    /// <returns>Whether the power went.</returns>
    public bool Run(int steps, int lossAt, bool atOwner)
    {
        var power = (atOwner ? _ownersNode : _receiversNode).Power;
        power.LossAt = power.Steps + lossAt;
        try
        {
            for (var i = 0; i < steps; i++)
            {
                Step();
            }
        }
        catch (PowerLossException)
        {
            // As it was meant.
        }

        var wentOut = !power.IsOn;
        Restart(atOwner);
        return wentOut;
    }

    public void Dispose()
    {
        _owner.Dispose();
        _receiver.Dispose();
        _ownersNode.Dispose();
        _receiversNode.Dispose();
    }

    private void Step()
    {
        switch (_random.Next(8))
        {
            case 0 when _added < _blocks.All.Count:
                // The block is made at one end and travels to the other.
                var (id, data) = _blocks.All[_added++];
                _receiver.TryAdd(id, data);
                _owner.TryAdd(id, data);
                break;
            case < 5:
                Send();
                break;
            case < 7 when _inFlight.Count > 0:
                Deliver(mustArrive: false);
                break;
            case 7 when _inFlight.Count > 0:
                _inFlight.RemoveAt(_random.Next(_inFlight.Count));
                break;
        }
    }

    private bool Send()
    {
        var bytes = new byte[_random.Next(1, 400)];
        if (_owner.TryAllocate(default, bytes, out _, out var named) != PsrdOutcome.Ok)
        {
            return false;
        }

        Audit(_allocated, named!, bytes);
        _inFlight.Add((named!, bytes));
        return true;
    }

    private void Deliver(bool mustArrive)
    {
        var index = mustArrive ? _inFlight.Count - 1 : _random.Next(_inFlight.Count);
        var (named, bytes) = _inFlight[index];
        _inFlight.RemoveAt(index);
        var key = new byte[bytes.Length];
        if (_receiver.TryRead(named, key) != PsrdOutcome.Ok)
        {
            Assert.False(mustArrive, $"The ends do not agree about {named}.");
            return;
        }

        Assert.Equal(bytes, key);
        if (_receiver.TryTake(named, key.Length, null, default, out _))
        {
            Audit(_taken, named, key);
            Received++;
        }
        else
        {
            Assert.False(mustArrive, $"The ends do not agree about {named}.");
        }
    }

    private void Restart(bool lossAtOwner)
    {
        foreach (var (node, losesPower) in new[] { (_ownersNode, lossAtOwner), (_receiversNode, !lossAtOwner) })
        {
            node.Power.LossAt = null;
            if (losesPower)
            {
                node.LosePower();
            }
            else
            {
                node.Restart();
            }
        }

        Agree();
        _owner = new LocalPool(_ownersNode.Store, PsrdBlocks.Pool);
        _receiver = new PeerPool(_receiversNode.Store, PsrdBlocks.Pool);
        if (Send())
        {
            Deliver(mustArrive: true);
        }
    }

    private void Agree()
    {
        var owners = _ownersNode.Store.Open(PsrdBlocks.Pool).ToDictionary(block => block.Id);
        var receivers = _receiversNode.Store.Open(PsrdBlocks.Pool).ToDictionary(block => block.Id);
        owners.Keys.Except(receivers.Keys).ToList().ForEach(id => _ownersNode.Store.Remove(PsrdBlocks.Pool, id));
        receivers.Keys.Except(owners.Keys).ToList().ForEach(id => _receiversNode.Store.Remove(PsrdBlocks.Pool, id));
        foreach (var id in owners.Keys.Intersect(receivers.Keys))
        {
            var (owner, receiver) = (owners[id], receivers[id]);
            Assert.True(receiver.Floor <= owner.Floor, $"The owner of {id} fell behind its receiver.");
            if (receiver.Floor < owner.Floor)
            {
                receiver.Skip(owner.Floor);
            }
        }
    }

    private void Audit(Dictionary<Guid, bool[]> used, Allocation named, byte[] bytes)
    {
        Assert.Equal(_blocks.Cut(named), bytes);
        foreach (var fragment in named.Fragments)
        {
            var run = used[fragment.BlockId].AsSpan((int)fragment.Start, (int)fragment.Size);
            Assert.False(run.Contains(true), $"Bytes of {fragment} came twice.");
            run.Fill(true);
        }
    }
}
