using Dske.Protocol.Psrd;
using Dske.Storage;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// One node that adds, leases, skips, confirms and removes blocks as a seed says, and an auditor who sees every byte that comes out and
/// everything that is on the disk.
/// </summary>
internal sealed class BlockSchedule : IDisposable
{
    private readonly Random _random;
    private readonly PsrdBlocks _blocks;
    private readonly Dictionary<Guid, Expected> _expected = [];

    public BlockSchedule(int seed)
    {
        _random = new Random(seed);
        _blocks = new PsrdBlocks(seed, Enumerable.Range(0, 4).Select(_ => _random.Next(1, 3000)));
        Node = new SimulatedNode(seed + 1_000_000);
    }

    public SimulatedNode Node { get; }

    /// <summary>Runs steps; false when the power went before the end.</summary>
    public bool Run(int steps)
    {
        try
        {
            for (var i = 0; i < steps; i++)
            {
                try
                {
                    Step();
                }
                catch (StorageException)
                {
                    // A step that the disk refused changed nothing that the audit would not notice below.
                }

                Audit();
            }

            return true;
        }
        catch (PowerLossException)
        {
            return false;
        }
    }

    /// <summary>Takes the power away, starts anew and looks at everything.</summary>
    public void LosePower()
    {
        Node.LosePower();
        _ = Node.Store;
        Audit();
    }

    public void Dispose() => Node.Dispose();

    private void Step()
    {
        var (id, data) = _blocks.All[_random.Next(_blocks.All.Count)];
        var choice = _random.Next(20);
        var amount = _random.NextDouble();
        if (!_expected.TryGetValue(id, out var expected))
        {
            Add(id, data, piecewise: choice % 2 == 0, confirmed: choice % 3 == 0);
            return;
        }

        var block = Node.Store.Open(PsrdBlocks.Pool).SingleOrDefault(candidate => candidate.Id == id);
        if (block is null)
        {
            Node.Store.Remove(PsrdBlocks.Pool, id);
            return;
        }

        var newFloor = Math.Min(block.Size, block.Floor + 1 + (long)(amount * 1000));
        switch (choice)
        {
            case < 12:
                Lease(block, data, expected, newFloor);
                break;
            case < 15:
                expected.GivenUpTo = Math.Max(expected.GivenUpTo, newFloor);
                block.Skip(newFloor);
                expected.FloorAtLeast = newFloor;
                break;
            case < 18:
                block.Confirm();
                expected.IsConfirmed = true;
                break;
            default:
                expected.MayBeGone = true;
                Node.Store.Remove(PsrdBlocks.Pool, id);
                expected.IsGone = true;
                break;
        }
    }

    private void Add(Guid id, byte[] data, bool piecewise, bool confirmed)
    {
        // A block whose addition failed may be there after all, once the power was gone. It is whole then.
        if (Node.Store.Knows(PsrdBlocks.Pool, id))
        {
            _expected[id] = new Expected();
            return;
        }

        _ = piecewise
            ? Node.Store.Add(PsrdBlocks.Pool, id, data.Length, (offset, piece) => data.AsSpan((int)offset, piece.Length).CopyTo(piece), confirmed)
            : Node.Store.Add(PsrdBlocks.Pool, id, data, confirmed);
        _expected[id] = new Expected { WasAdded = true, IsConfirmed = confirmed };
    }

    private static void Lease(IPsrdBlock block, byte[] data, Expected expected, long newFloor)
    {
        var (from, bytes) = (block.Floor, new byte[newFloor - block.Floor]);
        expected.GivenUpTo = Math.Max(expected.GivenUpTo, newFloor);
        block.Lease(newFloor, bytes);

        Assert.True(from >= expected.HandedOutTo, $"Bytes {from} to {expected.HandedOutTo} of {block.Id} were handed out twice.");
        Assert.True(data.AsSpan((int)from, bytes.Length).SequenceEqual(bytes), $"Other bytes than were added were handed out of {block.Id}.");
        expected.HandedOutTo = expected.FloorAtLeast = newFloor;
    }

    private void Audit()
    {
        var open = Node.Store.Open(PsrdBlocks.Pool).ToDictionary(block => block.Id);
        foreach (var (id, data) in _blocks.All)
        {
            var expected = _expected.GetValueOrDefault(id) ?? new Expected();
            Assert.True(!expected.WasAdded || Node.Store.Knows(PsrdBlocks.Pool, id), $"Block {id} was forgotten.");
            var onDisk = Node.Durable(PsrdBlocks.Pool, id);
            if (onDisk is not null)
            {
                Assert.False(onDisk.AsSpan(0, (int)Math.Min(onDisk.Length, expected.FloorAtLeast)).ContainsAnyExcept((byte)0), $"{id} is not erased.");
            }

            if (!open.TryGetValue(id, out var block))
            {
                Assert.True(!expected.WasAdded || expected.MayBeGone || expected.GivenUpTo >= data.Length, $"Block {id} was lost.");
                continue;
            }

            Assert.False(expected.IsGone, $"Block {id} came back.");
            Assert.Equal(data.Length, block.Size);
            Assert.True(block.Floor >= expected.FloorAtLeast, $"The floor of {id} fell.");
            Assert.True(block.Floor <= expected.GivenUpTo, $"The floor of {id} rose by itself.");
            Assert.True(block.IsConfirmed || !expected.IsConfirmed, $"Block {id} is no longer confirmed.");
            var rest = new byte[block.Size - block.Floor];
            block.Peek(block.Floor, rest);
            Assert.True(data.AsSpan((int)block.Floor).SequenceEqual(rest), $"Block {id} lost bytes that were not used.");
            Assert.True(onDisk!.AsSpan((int)block.Floor).SequenceEqual(rest), $"Block {id} is not durable.");
        }

        Assert.All(Node.Disk.DurableRemains, remains => Assert.False(remains.AsSpan().ContainsAnyExcept((byte)0), "A deleted file was not erased."));
    }

    private sealed class Expected
    {
        /// <summary>Whether adding it succeeded.</summary>
        public bool WasAdded { get; init; }

        public bool IsConfirmed { get; set; }

        /// <summary>Whether a removal was begun, or done.</summary>
        public bool MayBeGone { get; set; }

        public bool IsGone { get; set; }

        public long HandedOutTo { get; set; }

        public long FloorAtLeast { get; set; }

        /// <summary>How far a step that may have failed would have raised the floor.</summary>
        public long GivenUpTo { get; set; }
    }
}
