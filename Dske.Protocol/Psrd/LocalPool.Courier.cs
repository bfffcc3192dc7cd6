using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>Blocks that a courier carries, at the end that allocates.</summary>
public sealed partial class LocalPool
{
    /// <summary>The open windows of held blocks: to turn from one block to another and back costs nothing.</summary>
    private readonly Dictionary<IPsrdBlock, (SecretBytes Bytes, int Used)> _heldWindows = [];

    private IPsrdBlock? _heldLast;
    private int _heldTurn;

    /// <summary>Takes in a block that a courier carries: it waits, for as long as it takes, until a sync shows that both ends have it.</summary>
    /// <param name="block">The block, unconfirmed, of this pool's storage.</param>
    /// <returns>False when the pool was cleared: then nothing changed.</returns>
    internal bool Hold(IPsrdBlock block)
    {
        lock (_lock)
        {
            if (!_retired)
            {
                _pending.Hold(block);
            }

            return !_retired;
        }
    }

    /// <summary>Erases all blocks that were held.</summary>
    /// <exception cref="IOException">The storage failed.</exception>
    internal void DropHeld()
    {
        lock (_lock)
        {
            CloseHeldWindows();
            _pending.DropHeld();
        }
    }

    /// <summary>Takes blocks that are held off the pool's lists. They stay in storage, where the caller erases them: that takes long.</summary>
    /// <param name="blocks">Their UUIDs; unknown ones, and those that are not held any more, are ignored.</param>
    internal void ReleaseHeld(IReadOnlySet<Guid> blocks)
    {
        lock (_lock)
        {
            foreach (var block in _heldWindows.Keys.Where(block => blocks.Contains(block.Id)).ToList())
            {
                CloseHeldWindow(block);
            }

            _pending.ReleaseHeld(blocks);
        }
    }

    /// <summary>
    /// Gives up what is left of the open windows from which bytes were taken last: the other end has lost its own. With equal windows at both ends, the next bytes are ones that it
    /// still has.
    /// </summary>
    /// <exception cref="IOException">The storage failed.</exception>
    internal void ForfeitWindows()
    {
        lock (_lock)
        {
            if (_heldLast is { } block)
            {
                CloseHeldWindow(block);
            }

            CloseWindow();
            if (_blocks.Count > 0 && _blocks[0].Floor == _blocks[0].Size)
            {
                Forget(0);
            }
        }
    }

    /// <summary>Forgets every block but those that are held, erasing what is left of it.</summary>
    /// <exception cref="IOException">The storage failed half way: to be repeated.</exception>
    internal void EmptyButHeld()
    {
        lock (_lock)
        {
            CloseWindow();
            while (_blocks.Count > 0)
            {
                Forget(_blocks.Count - 1);
            }

            _pending.Drop();
        }
    }

    /// <summary>Has the next sync signed with another held block, if there is one: of this one the other end seems to know nothing.</summary>
    internal void TurnToNextHeld()
    {
        lock (_lock)
        {
            _heldTurn++;
        }
    }

    /// <summary>
    /// Allocates the signing key of a sync from a block that is held, for a link that has nothing else left to sign with: always the same one, as long as
    /// it lasts and nobody says otherwise (<see cref="TurnToNextHeld"/>).
    /// </summary>
    /// <param name="signingKey">Filled with the signing key.</param>
    /// <param name="allocation">Names it, when the result is true.</param>
    /// <returns>False when no held block has as many bytes.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    internal bool TryAllocateHeld(Span<byte> signingKey, out Allocation? allocation)
    {
        allocation = null;
        lock (_lock)
        {
            for (var tries = _pending.Held.Count; tries > 0; tries--, _heldTurn++)
            {
                _heldTurn %= _pending.Held.Count;
                var block = _pending.Held[_heldTurn];
                if (HeldWindowLeft(block) < signingKey.Length && !TryOpenHeldWindow(block, signingKey.Length))
                {
                    continue;
                }

                var start = block.Floor - HeldWindowLeft(block);
                var (window, used) = _heldWindows[block];
                var source = window.Span.Slice(used, signingKey.Length);
                source.CopyTo(signingKey);
                source.Clear();
                (_heldWindows[block], _heldLast) = ((window, used + signingKey.Length), block);
                allocation = Allocation.Own([new Fragment(block.Id, start, signingKey.Length)]);
                _store.Journal?.Allocated(_key, allocation);
                return true;
            }

            return false;
        }
    }

    private int HeldWindowLeft(IPsrdBlock block) => _heldWindows.TryGetValue(block, out var window) ? window.Bytes.Length - window.Used : 0;

    /// <summary>Whole windows, as ever: then this end is never behind the other one.</summary>
    private bool TryOpenHeldWindow(IPsrdBlock block, int size)
    {
        if (block.Size - block.Floor < size)
        {
            return false;
        }

        CloseHeldWindow(block);
        var newFloor = WindowGrid.WindowEnd(block.Size, block.Floor + size - 1);
        var window = new SecretBytes((int)(newFloor - block.Floor));
        try
        {
            block.Lease(newFloor, window.Span);
        }
        catch
        {
            window.Dispose();
            throw;
        }

        _heldWindows[block] = (window, 0);
        return true;
    }

    /// <summary>A block is confirmed: if it comes first, its open window goes on being used.</summary>
    private void TakeConfirmed(IPsrdBlock block)
    {
        if (_blocks.Count == 0 && _window is null && _heldWindows.Remove(block, out var window))
        {
            (_window, _windowUsed) = window;
        }
        else
        {
            CloseHeldWindow(block);
        }

        _blocks.Add(block);
    }

    private void CloseHeldWindow(IPsrdBlock block)
    {
        if (_heldWindows.Remove(block, out var window))
        {
            window.Bytes.Dispose();
        }
    }

    private void CloseHeldWindows()
    {
        foreach (var (window, _) in _heldWindows.Values)
        {
            window.Dispose();
        }

        _heldWindows.Clear();
    }
}
