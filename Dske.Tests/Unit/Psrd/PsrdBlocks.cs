using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>Blocks of random bytes whose content the test knows, as a courier brought them to both ends of a link.</summary>
internal sealed class PsrdBlocks
{
    private readonly List<(Guid Id, byte[] Data)> _blocks = [];

    /// <summary>Makes blocks of the given sizes; equal seeds make equal blocks.</summary>
    public PsrdBlocks(int seed, params IEnumerable<int> sizes)
    {
        var random = new Random(seed);
        var id = new byte[16];
        foreach (var size in sizes)
        {
            var data = new byte[size];
            random.NextBytes(data);
            random.NextBytes(id);
            _blocks.Add((new Guid(id), data));
        }
    }

    /// <summary>The client-owned pool of a link, as either end names it in its own storage.</summary>
    public static PsrdPoolKey Pool { get; } = new(NodeName.Parse("hank"), PoolOwner.Client);

    /// <summary>All bytes together.</summary>
    public long TotalBytes => _blocks.Sum(block => (long)block.Data.Length);

    /// <summary>The blocks, in order.</summary>
    public IReadOnlyList<(Guid Id, byte[] Data)> All => _blocks;

    /// <summary>The UUID of a block.</summary>
    public Guid this[int index] => _blocks[index].Id;

    /// <summary>Names a run of bytes.</summary>
    public Fragment Run(int block, long start, long size) => new(_blocks[block].Id, start, size);

    /// <summary>Opens the owner's end, filled.</summary>
    public LocalPool OpenOwner(IPsrdStore store)
    {
        var pool = new LocalPool(store, Pool);
        Assert.All(_blocks, block => Assert.True(pool.TryAdd(block.Id, block.Data)));
        return pool;
    }

    /// <summary>Opens the receiver's end, filled.</summary>
    public PeerPool OpenReceiver(IPsrdStore store)
    {
        var pool = new PeerPool(store, Pool);
        Assert.All(_blocks, block => Assert.True(pool.TryAdd(block.Id, block.Data)));
        return pool;
    }

    /// <summary>What an allocation names.</summary>
    public byte[] Cut(Allocation allocation)
    {
        var bytes = new List<byte>();
        foreach (var fragment in allocation.Fragments)
        {
            var data = _blocks.Single(block => block.Id == fragment.BlockId).Data;
            bytes.AddRange(data.AsSpan(checked((int)fragment.Start), checked((int)fragment.Size)));
        }

        return [.. bytes];
    }
}
