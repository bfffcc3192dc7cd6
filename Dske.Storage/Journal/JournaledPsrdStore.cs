using Dske.Protocol.Psrd;

namespace Dske.Storage.Journal;

/// <summary>Another storage, with a journal of what is used of it.</summary>
/// <param name="inner">The storage.</param>
/// <param name="journal">The journal.</param>
internal sealed class JournaledPsrdStore(IPsrdStore inner, IPsrdJournal journal) : IPsrdStore
{
    public IPsrdJournal Journal => journal;

    public IReadOnlyList<IPsrdBlock> Open(PsrdPoolKey pool) => inner.Open(pool);

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, ReadOnlySpan<byte> data, bool confirmed) => inner.Add(pool, id, data, confirmed);

    public IPsrdBlock Add(PsrdPoolKey pool, Guid id, long size, PsrdFill fill, bool confirmed) => inner.Add(pool, id, size, fill, confirmed);

    public bool Knows(PsrdPoolKey pool, Guid id) => inner.Knows(pool, id);

    public void Withdraw(PsrdPoolKey pool, Guid id) => inner.Withdraw(pool, id);

    public void Remove(PsrdPoolKey pool, Guid id) => inner.Remove(pool, id);

    public void EraseRemoved(CancellationToken cancellationToken) => inner.EraseRemoved(cancellationToken);
}
