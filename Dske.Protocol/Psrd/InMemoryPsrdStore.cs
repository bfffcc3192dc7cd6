using System.Collections.Concurrent;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>PSRD in pinned memory, gone with the process. Safe for concurrent use by different pools.</summary>
/// <param name="time">The clock that says when blocks were added; the system's when null.</param>
public sealed class InMemoryPsrdStore(TimeProvider? time = null) : IPsrdStore, IDisposable
{
    private readonly ConcurrentDictionary<PsrdPoolKey, List<MemoryBlock>> _pools = new();

    /// <inheritdoc />
    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool)
    {
        var blocks = BlocksOf(pool);
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

        var blocks = BlocksOf(pool);
        lock (blocks)
        {
            if (blocks.Exists(block => block.Id == id))
            {
                throw new ArgumentException($"The pool already holds block {id}.", nameof(id));
            }

            var block = new MemoryBlock(id, SecretBytes.CopyOf(data), (time ?? TimeProvider.System).GetUtcNow()) { IsConfirmed = confirmed };
            blocks.Add(block);
            return block;
        }
    }

    /// <inheritdoc />
    public void Remove(PsrdPoolKey pool, Guid id)
    {
        var blocks = BlocksOf(pool);
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
        foreach (var blocks in _pools.Values)
        {
            lock (blocks)
            {
                blocks.ForEach(block => block.Dispose());
                blocks.Clear();
            }
        }
    }

    private List<MemoryBlock> BlocksOf(PsrdPoolKey pool) => _pools.GetOrAdd(pool, static _ => []);

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
