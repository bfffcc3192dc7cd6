using Dske.Protocol.Psrd;

namespace Dske.Tests.Model.Sabotage;

/// <summary>PSRD of which nothing is ever erased: whenever it is opened it begins from the first byte again.</summary>
internal sealed class RewindingPsrdStore(TimeProvider time) : IPsrdStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PsrdPoolKey, List<Block>> _pools = [];

    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool)
    {
        lock (_lock)
        {
            var blocks = _pools[pool] = [.. _pools.GetValueOrDefault(pool, []).Select(block => block.Rewound())];
            return [.. blocks];
        }
    }

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed = true)
    {
        var block = new Block(id, data.ToArray(), time.GetUtcNow(), confirmed);
        lock (_lock)
        {
            (_pools.TryGetValue(pool, out var blocks) ? blocks : _pools[pool] = []).Add(block);
        }

        return block;
    }

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed = true)
    {
        var data = new byte[size];
        fill(0, data);
        return Add(pool, id, data, confirmed);
    }

    public bool Knows(PsrdPoolKey pool, Guid id)
    {
        lock (_lock)
        {
            return _pools.GetValueOrDefault(pool, []).Exists(block => block.Id == id);
        }
    }

    public void Withdraw(PsrdPoolKey pool, Guid id) => Remove(pool, id);

    public void Remove(PsrdPoolKey pool, Guid id)
    {
        lock (_lock)
        {
            _pools.GetValueOrDefault(pool, []).RemoveAll(block => block.Id == id);
        }
    }

    private sealed class Block(Guid id, byte[] data, DateTimeOffset addedAt, bool confirmed) : IPsrdBlock
    {
        public Guid Id => id;

        public long Size => data.Length;

        public long Floor { get; private set; }

        public bool IsConfirmed { get; private set; } = confirmed;

        public DateTimeOffset AddedAt => addedAt;

        public Block Rewound() => new(id, data, addedAt, IsConfirmed);

        public void Peek(long start, Span<byte> destination) => data.AsSpan((int)start, destination.Length).CopyTo(destination);

        public void Lease(long newFloor, Span<byte> destination)
        {
            data.AsSpan((int)Floor, destination.Length).CopyTo(destination);
            Floor = newFloor;
        }

        public void Skip(long newFloor) => Floor = newFloor;

        public void Confirm() => IsConfirmed = true;
    }
}
