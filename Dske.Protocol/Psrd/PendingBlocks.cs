namespace Dske.Protocol.Psrd;

/// <summary>
/// Blocks of a pool whose other copy may never have arrived, or may have gone to somebody else: they wait until both ends are known to
/// have them. Few, and not for long.
/// </summary>
/// <remarks>Not safe for concurrent use: guarded by its pool's lock.</remarks>
internal sealed class PendingBlocks(IPsrdStore store, PsrdPoolKey key)
{
    private readonly List<IPsrdBlock> _blocks = [.. store.Open(key).Where(block => !block.IsConfirmed)];

    public int Count => _blocks.Count;

    public IEnumerable<IPsrdBlock> Blocks => _blocks;

    public void Add(IPsrdBlock block) => _blocks.Add(block);

    public IPsrdBlock? Find(Guid id) => _blocks.Find(block => block.Id == id);

    /// <summary>
    /// Hands over what the other end has, confirmed, in its order, one after the other: what is confirmed when storage fails is with the pool.
    /// </summary>
    public void Confirm(IReadOnlyList<BlockPosition> listed, Action<IPsrdBlock> take)
    {
        foreach (var (id, _) in listed)
        {
            if (Find(id) is { } block)
            {
                block.Confirm();
                _blocks.Remove(block);
                take(block);
            }
        }
    }

    /// <summary>Erases all, or those that were added before a time, or the oldest ones beyond a number.</summary>
    public void Drop(DateTimeOffset? addedBefore = null, int? keep = null)
    {
        for (var i = 0; i < _blocks.Count;)
        {
            var isDue = (addedBefore is null && keep is null) || _blocks[i].AddedAt < addedBefore || _blocks.Count > (keep ?? int.MaxValue);
            if (isDue)
            {
                var id = _blocks[i].Id;
                _blocks.RemoveAt(i);
                store.Remove(key, id);
            }
            else
            {
                i++;
            }
        }
    }
}
