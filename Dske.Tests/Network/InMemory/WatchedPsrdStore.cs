using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// PSRD of a machine that is watched: one thread at a time, a step at a time, with a journal of every byte that is used. Closed when the machine
/// stops: who still holds it then gets nothing any more.
/// </summary>
internal sealed class WatchedPsrdStore(IPsrdStore inner, Power power, IPsrdJournal journal) : IPsrdStore
{
    private volatile bool _isClosed;

    public IPsrdJournal Journal => journal;

    public void Close() => _isClosed = true;

    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool) => Watch(() => inner.Open(pool).Select(block => new WatchedBlock(this, block)).ToList());

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed)
    {
        using var watch = Enter();
        return new WatchedBlock(this, inner.Add(pool, id, data, confirmed));
    }

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed)
        => Watch(() => new WatchedBlock(this, inner.Add(pool, id, size, fill, confirmed)));

    public bool Knows(PsrdPoolKey pool, Guid id) => Watch(() => inner.Knows(pool, id));

    public void Withdraw(PsrdPoolKey pool, Guid id)
    {
        using var watch = Enter();
        inner.Withdraw(pool, id);
    }

    public void Remove(PsrdPoolKey pool, Guid id)
    {
        using var watch = Enter();
        inner.Remove(pool, id);
    }

    public void EraseRemoved(CancellationToken cancellationToken)
    {
        using var watch = Enter();
        inner.EraseRemoved(cancellationToken);
    }

    private Watching Enter()
    {
        power.Gate.Enter();
        if (_isClosed || !power.IsOn)
        {
            power.Gate.Exit();
            throw new PowerLossException();
        }

        return new Watching(power.Gate);
    }

    private T Watch<T>(Func<T> act)
    {
        using var watch = Enter();
        return act();
    }

    private readonly struct Watching(Lock gate) : IDisposable
    {
        public void Dispose() => gate.Exit();
    }

    private sealed class WatchedBlock(WatchedPsrdStore store, IPsrdBlock inner) : IPsrdBlock
    {
        public Guid Id => inner.Id;

        public long Size => inner.Size;

        public long Floor => inner.Floor;

        public bool IsConfirmed => inner.IsConfirmed;

        public DateTimeOffset AddedAt => inner.AddedAt;

        public void Peek(long start, Span<byte> destination)
        {
            using var watch = store.Enter();
            inner.Peek(start, destination);
        }

        public void Lease(long newFloor, Span<byte> destination)
        {
            using var watch = store.Enter();
            inner.Lease(newFloor, destination);
        }

        public void Skip(long newFloor)
        {
            using var watch = store.Enter();
            inner.Skip(newFloor);
        }

        public void Confirm()
        {
            using var watch = store.Enter();
            inner.Confirm();
        }
    }
}
