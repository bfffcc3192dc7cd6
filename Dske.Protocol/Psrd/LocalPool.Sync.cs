namespace Dske.Protocol.Psrd;

/// <summary>How the end that allocates agrees with the other one on blocks and positions.</summary>
public sealed partial class LocalPool
{
    /// <summary>Where this end is with each of its blocks, in the order of use: the next byte that it will allocate.</summary>
    /// <param name="withPending">Whether blocks that wait for confirmation are listed too, after the others.</param>
    public IReadOnlyList<BlockPosition> GetPositions(bool withPending)
    {
        lock (_lock)
        {
            return
            [
                .. _blocks.Select((block, index) => new BlockPosition(block.Id, NextIn(index))),
                .. _pending.Blocks.Where(_ => withPending).Select(block => new BlockPosition(block.Id, block.Floor - HeldWindowLeft(block))),
            ];
        }
    }

    /// <summary>
    /// Moves on to where the other end says it is, and gives up the blocks that it does not have. Bytes below are never allocated again.
    /// </summary>
    /// <param name="taken">
    /// All blocks of this pool that the other end has, with how far it has seen them used. From an authentic message or out of band only.
    /// </param>
    /// <param name="confirms">Whether blocks that wait are confirmed when they are listed, and given up when they are not.</param>
    /// <returns>
    /// False when the other end has seen bytes used that this end's storage has not leased, or has no block any more that is not all leased
    /// here: one end's storage was set back to an older copy, and what else was used since then nobody can tell. Nothing changed; the pool
    /// is to be cleared.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="taken"/> is null.</exception>
    /// <exception cref="IOException">The storage failed half way: to be repeated.</exception>
    public bool TryAdopt(IReadOnlyList<BlockPosition> taken, bool confirms)
    {
        ArgumentNullException.ThrowIfNull(taken);
        lock (_lock)
        {
            if (_retired)
            {
                return true;
            }

            // The other end gives a block up only when this end has leased all of it. Evidence first, before any of it is gone.
            var positions = Index(taken);
            if (_blocks.Exists(block => block.Floor < positions.GetValueOrDefault(block.Id, block.Size)))
            {
                return false;
            }

            for (var i = _blocks.Count - 1; i >= 0; i--)
            {
                if (!positions.TryGetValue(_blocks[i].Id, out var position))
                {
                    Forget(i);
                }
                else if (position > NextIn(i))
                {
                    SkipWithinWindow(position - NextIn(i));
                }
            }

            if (confirms)
            {
                _pending.Confirm(taken, TakeConfirmed);
                _pending.Drop();
            }

            return true;
        }
    }

    /// <summary>Gives up blocks that wait: those added before a time, and the oldest ones beyond a number.</summary>
    /// <param name="addedBefore">Blocks added earlier go.</param>
    /// <param name="keep">The most that may wait.</param>
    /// <exception cref="IOException">The storage failed.</exception>
    public void DropPending(DateTimeOffset addedBefore, int keep)
    {
        lock (_lock)
        {
            _pending.Drop(addedBefore, keep);
        }
    }

    /// <summary>The positions by block. What a peer lists twice counts with its highest position.</summary>
    internal static Dictionary<Guid, long> Index(IReadOnlyList<BlockPosition> listed)
    {
        var positions = new Dictionary<Guid, long>(listed.Count);
        foreach (var (id, position) in listed)
        {
            positions[id] = Math.Max(position, positions.GetValueOrDefault(id, long.MinValue));
        }

        return positions;
    }

    private long NextIn(int index) => _blocks[index].Floor - (index == 0 ? WindowLeft : 0);

    private void SkipWithinWindow(long count)
    {
        _window!.Span.Slice(_windowUsed, (int)count).Clear();
        _windowUsed += (int)count;
        if (WindowLeft == 0)
        {
            CloseWindow();
            if (_blocks[0].Floor == _blocks[0].Size)
            {
                Forget(0);
            }
        }
    }

    private void Forget(int index)
    {
        if (index == 0)
        {
            CloseWindow();
        }

        var id = _blocks[index].Id;
        _blocks.RemoveAt(index);
        _store.Remove(_key, id);
    }
}
