namespace Dske.Protocol.Psrd;

/// <summary>
/// Blocks of a pool whose other copy may never have arrived, or may have gone to somebody else: they wait until both ends are known to
/// have them. Few, and not for long.
/// </summary>
/// <remarks>Not safe for concurrent use: guarded by its pool's lock.</remarks>
internal sealed class PendingBlocks(IPsrdStore store, PsrdPoolKey key, IReadOnlySet<Guid>? couriered)
{
    private readonly List<IPsrdBlock> _blocks = [.. store.Open(key).Where(block => !block.IsConfirmed && couriered?.Contains(block.Id) != true)];
    private readonly List<IPsrdBlock> _held = [];

    public int Count => _blocks.Count;

    public IEnumerable<IPsrdBlock> Blocks => _blocks;

    public void Add(IPsrdBlock block) => _blocks.Add(block);

    /// <summary>Those among them that a courier carries: they are as good as enrolment, and wait as long as it takes.</summary>
    public IReadOnlyList<IPsrdBlock> Held => _held;

    /// <summary>Adds one that a courier carries.</summary>
    public void Hold(IPsrdBlock block)
    {
        if (Find(block.Id) is null)
        {
            _blocks.Add(block);
            _held.Add(block);
        }
    }

    public bool IsHeld(Guid id) => _held.Exists(block => block.Id == id);

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
                _held.Remove(block);
                take(block);
            }
        }
    }

    /// <summary>Erases all but those that are held, or of these the ones that were added before a time, or the oldest ones beyond a number.</summary>
    public void Drop(DateTimeOffset? addedBefore = null, int? keep = null)
    {
        for (var i = 0; i < _blocks.Count;)
        {
            var isDue = !_held.Contains(_blocks[i])
                && ((addedBefore is null && keep is null) || _blocks[i].AddedAt < addedBefore || _blocks.Count - _held.Count > (keep ?? int.MaxValue));
            if (isDue)
            {
                Remove(_blocks[i]);
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Erases what is held.</summary>
    public void DropHeld()
    {
        foreach (var block in _held.ToList())
        {
            Remove(block);
        }
    }

    /// <summary>Forgets what is held of what is named; it stays in storage.</summary>
    public void ReleaseHeld(IReadOnlySet<Guid> blocks)
    {
        _held.RemoveAll(block => blocks.Contains(block.Id));
        _blocks.RemoveAll(block => blocks.Contains(block.Id));
    }

    private void Remove(IPsrdBlock block)
    {
        _blocks.Remove(block);
        _held.Remove(block);
        store.Remove(key, block.Id);
    }
}
