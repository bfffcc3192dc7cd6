using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>PSRD in memory that counts the steps that would be durable ones, and can be made to fail. Used by one caller at a time.</summary>
internal sealed class ObservedPsrdStore : IPsrdStore, IDisposable
{
    private readonly InMemoryPsrdStore _inner = new();

    /// <summary>How often bytes were leased.</summary>
    public int Leases { get; private set; }

    /// <summary>How many bytes were leased.</summary>
    public long LeasedBytes { get; private set; }

    /// <summary>Makes the next lease fail: before the floor rises (false) or when it has risen (true).</summary>
    public bool? NextLeaseFails { get; set; }

    /// <summary>Makes every removal fail.</summary>
    public bool RemovalsFail { get; set; }

    /// <summary>The store behind this one.</summary>
    public InMemoryPsrdStore Inner => _inner;

    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool) => [.. _inner.Open(pool).Select(block => new ObservedBlock(this, block))];

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed)
        => new ObservedBlock(this, _inner.Add(pool, id, data, confirmed));

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed)
        => new ObservedBlock(this, _inner.Add(pool, id, size, fill, confirmed));

    public bool Knows(PsrdPoolKey pool, Guid id) => _inner.Knows(pool, id);

    public void Withdraw(PsrdPoolKey pool, Guid id) => _inner.Withdraw(pool, id);

    public void Remove(PsrdPoolKey pool, Guid id)
    {
        if (RemovalsFail)
        {
            throw new IOException("The disk is gone.");
        }

        _inner.Remove(pool, id);
    }

    public void Dispose() => _inner.Dispose();

    private sealed class ObservedBlock(ObservedPsrdStore store, IPsrdBlock inner) : IPsrdBlock
    {
        public Guid Id => inner.Id;

        public long Size => inner.Size;

        public long Floor => inner.Floor;

        public bool IsConfirmed => inner.IsConfirmed;

        public DateTimeOffset AddedAt => inner.AddedAt;

        public void Peek(long start, Span<byte> destination) => inner.Peek(start, destination);

        public void Lease(long newFloor, Span<byte> destination)
        {
            var fails = store.NextLeaseFails;
            store.NextLeaseFails = null;
            if (fails is false)
            {
                throw new IOException("The disk is full.");
            }

            inner.Lease(newFloor, destination);
            if (fails is true)
            {
                destination.Clear();
                throw new IOException("The disk is gone.");
            }

            store.Leases++;
            store.LeasedBytes += destination.Length;
        }

        public void Skip(long newFloor) => inner.Skip(newFloor);

        public void Confirm() => inner.Confirm();
    }
}
