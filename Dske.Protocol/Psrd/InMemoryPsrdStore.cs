using System.Collections.Concurrent;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>PSRD in pinned memory, gone with the process. Safe for concurrent use by different pools.</summary>
/// <param name="time">The clock that says when blocks were added; the system's when null.</param>
public sealed class InMemoryPsrdStore(TimeProvider? time = null) : IPsrdStore, IDisposable
{
    private readonly ConcurrentDictionary<PsrdPoolKey, MemoryPool> _pools = new();

    /// <inheritdoc />
    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool)
    {
        var blocks = PoolOf(pool).Blocks;
        lock (blocks)
        {
            return [.. blocks.Where(block => block.Floor < block.Size)];
        }
    }

    /// <inheritdoc />
    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed = true)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("A block has at least one byte.", nameof(data));
        }

        return Add(pool, id, SecretBytes.CopyOf(data), confirmed);
    }

    /// <inheritdoc />
    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed = true)
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Array.MaxLength);
        var data = new SecretBytes((int)size);
        try
        {
            fill(0, data.Span);
        }
        catch
        {
            data.Dispose();
            throw;
        }

        return Add(pool, id, data, confirmed);
    }

    /// <inheritdoc />
    public bool Knows(PsrdPoolKey pool, Guid id)
    {
        var (blocks, known) = PoolOf(pool);
        lock (blocks)
        {
            return known.Contains(id);
        }
    }

    /// <inheritdoc />
    public void Withdraw(PsrdPoolKey pool, Guid id)
    {
        var (blocks, known) = PoolOf(pool);
        lock (blocks)
        {
            if (blocks.Find(block => block.Id == id) is not { } block)
            {
                return;
            }

            if (block.IsConfirmed || block.Floor > 0)
            {
                throw new InvalidOperationException($"Block {id} is in use.");
            }

            block.Dispose();
            blocks.Remove(block);
            known.Remove(id);
        }
    }

    /// <inheritdoc />
    public void Remove(PsrdPoolKey pool, Guid id)
    {
        var blocks = PoolOf(pool).Blocks;
        lock (blocks)
        {
            var index = blocks.FindIndex(block => block.Id == id);
            if (index >= 0)
            {
                blocks[index].Dispose();
                blocks.RemoveAt(index);
            }
        }
    }

    /// <summary>Zeroes all blocks.</summary>
    public void Dispose()
    {
        foreach (var (blocks, _) in _pools.Values)
        {
            lock (blocks)
            {
                blocks.ForEach(block => block.Dispose());
                blocks.Clear();
            }
        }
    }

    private MemoryPool PoolOf(PsrdPoolKey pool) => _pools.GetOrAdd(pool, static _ => new MemoryPool([], []));

    private MemoryBlock Add(PsrdPoolKey pool, Guid id, SecretBytes data, bool confirmed)
    {
        var (blocks, known) = PoolOf(pool);
        lock (blocks)
        {
            if (!known.Add(id))
            {
                data.Dispose();
                throw new ArgumentException($"The pool holds block {id}, or held it once.", nameof(id));
            }

            var block = new MemoryBlock(id, data, (time ?? TimeProvider.System).GetUtcNow()) { IsConfirmed = confirmed };
            blocks.Add(block);
            return block;
        }
    }

    /// <summary>The blocks of a pool, and the UUIDs of all that it ever held. Both are guarded by a lock on the blocks.</summary>
    private sealed record MemoryPool(List<MemoryBlock> Blocks, HashSet<Guid> Known);

    private sealed class MemoryBlock(Guid id, SecretBytes data, DateTimeOffset addedAt) : IPsrdBlock, IDisposable
    {
        public Guid Id => id;

        public long Size => data.Length;

        public long Floor { get; private set; }

        public bool IsConfirmed { get; set; }

        public DateTimeOffset AddedAt => addedAt;

        public void Peek(long start, Span<byte> destination)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(start, Floor);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Size - destination.Length);
            data.Span.Slice((int)start, destination.Length).CopyTo(destination);
        }

        public void Lease(long newFloor, Span<byte> destination)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(newFloor, Floor);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(newFloor, Size);
            ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, newFloor - Floor);
            var bytes = data.Span[(int)Floor..(int)newFloor];
            Floor = newFloor;
            bytes.CopyTo(destination);
            bytes.Clear();
        }

        public void Skip(long newFloor)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(newFloor, Floor);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(newFloor, Size);
            data.Span[(int)Floor..(int)newFloor].Clear();
            Floor = newFloor;
        }

        public void Confirm() => IsConfirmed = true;

        public void Dispose() => data.Dispose();
    }
}
