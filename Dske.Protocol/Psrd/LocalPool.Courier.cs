using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>Blocks that a courier carries, at the end that allocates.</summary>
public sealed partial class LocalPool
{
    private IPsrdBlock? _heldBlock;
    private SecretBytes? _heldWindow;
    private int _heldUsed;
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

    /// <summary>Erases blocks that were held: all of them, or those that are named.</summary>
    /// <param name="blocks">Their UUIDs; null for all.</param>
    /// <exception cref="IOException">The storage failed.</exception>
    internal void DropHeld(IReadOnlySet<Guid>? blocks = null)
    {
        lock (_lock)
        {
            if (_heldBlock is { } block && blocks?.Contains(block.Id) != false)
            {
                CloseHeldWindow();
            }

            _pending.DropHeld(blocks);
        }
    }

    /// <summary>
    /// Gives up what is left of the open windows: the other end has lost its own. With equal windows at both ends, the next bytes are ones that it
    /// still has.
    /// </summary>
    /// <exception cref="IOException">The storage failed.</exception>
    internal void ForfeitWindows()
    {
        lock (_lock)
        {
            CloseHeldWindow();
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

    /// <summary>
    /// Allocates the signing key of a sync from a block that is held, for a link that has nothing else left to sign with. Each call turns to the
    /// next block: of one the other end may know nothing.
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
            for (var tries = _pending.Held.Count; tries > 0; tries--)
            {
                var block = _pending.Held[(_heldTurn = (_heldTurn + 1) % _pending.Held.Count)];
                if (!HasHeldWindow(block, signingKey.Length) && !TryOpenHeldWindow(block, signingKey.Length))
                {
                    continue;
                }

                var start = block.Floor - HeldWindowLeft(block);
                var source = _heldWindow!.Span.Slice(_heldUsed, signingKey.Length);
                source.CopyTo(signingKey);
                source.Clear();
                _heldUsed += signingKey.Length;
                allocation = Allocation.Own([new Fragment(block.Id, start, signingKey.Length)]);
                _store.Journal?.Allocated(_key, allocation);
                return true;
            }

            return false;
        }
    }

    private bool HasHeldWindow(IPsrdBlock block, int size) => HeldWindowLeft(block) >= size;

    private int HeldWindowLeft(IPsrdBlock block) => block == _heldBlock ? _heldWindow!.Length - _heldUsed : 0;

    /// <summary>Whole windows, as ever: then this end is never behind the other one.</summary>
    private bool TryOpenHeldWindow(IPsrdBlock block, int size)
    {
        if (block.Size - block.Floor < size)
        {
            return false;
        }

        CloseHeldWindow();
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

        (_heldBlock, _heldWindow, _heldUsed) = (block, window, 0);
        return true;
    }

    /// <summary>A block is confirmed: if it comes first, its open window goes on being used.</summary>
    private void TakeConfirmed(IPsrdBlock block)
    {
        if (block == _heldBlock && _blocks.Count == 0 && _window is null)
        {
            (_window, _windowUsed) = (_heldWindow, _heldUsed);
            (_heldBlock, _heldWindow, _heldUsed) = (null, null, 0);
        }
        else if (block == _heldBlock)
        {
            CloseHeldWindow();
        }

        _blocks.Add(block);
    }

    private void CloseHeldWindow()
    {
        _heldWindow?.Dispose();
        (_heldBlock, _heldWindow, _heldUsed) = (null, null, 0);
    }
}
