using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>
/// The pool of a link from which this end allocates. Bytes are handed out in order, each one once; there is no giving back: what
/// was allocated is spent, whatever becomes of the message.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state, storage included.</remarks>
public sealed partial class LocalPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IPsrdStore _store;
    private readonly PsrdPoolKey _key;
    private readonly bool _keepsReserve;
    private readonly List<IPsrdBlock> _blocks;
    private readonly PendingBlocks _pending;
    private SecretBytes? _window;
    private int _windowUsed;
    private bool _retired;

    /// <summary>Opens the pool with the blocks that its storage holds.</summary>
    /// <param name="store">Where the blocks are.</param>
    /// <param name="key">Which pool this is.</param>
    /// <param name="keepsReserve">Whether the last bytes are for messages that mend the link (<see cref="PsrdReserve"/>), as on native links.</param>
    /// <param name="couriered">Unconfirmed blocks that are left alone until they are held (<see cref="Hold"/>); null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public LocalPool(IPsrdStore store, PsrdPoolKey key, bool keepsReserve = false, IReadOnlySet<Guid>? couriered = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _key = key;
        _keepsReserve = keepsReserve;
        _blocks = [.. store.Open(key).Where(block => block.IsConfirmed)];
        _pending = new PendingBlocks(store, key, couriered);
    }

    /// <summary>The bytes that can still be allocated, the reserve included.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_lock)
            {
                return Available();
            }
        }
    }

    /// <summary>The bytes that can still be allocated without touching the reserve.</summary>
    public long SpendableBytes
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, Available() - Reserve());
            }
        }
    }

    /// <summary>The number of blocks that are not used up, pending ones included.</summary>
    public int BlockCount
    {
        get
        {
            lock (_lock)
            {
                return _blocks.Count + _pending.Count;
            }
        }
    }

    /// <summary>Adds a fresh block at the end.</summary>
    /// <param name="id">The block's UUID.</param>
    /// <param name="data">Its bytes; copied. Zeroing the source stays the caller's duty.</param>
    /// <param name="confirmed">Whether both ends are known to have it. Nothing is allocated from it before that.</param>
    /// <returns>False when the pool holds a block of this UUID, ever held it, or was cleared; nothing changed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="data"/> is empty.</exception>
    /// <exception cref="IOException">The storage failed; nothing was added.</exception>
    public bool TryAdd(Guid id, ReadOnlySpan<byte> data, bool confirmed = true)
    {
        lock (_lock)
        {
            if (_retired || _store.Knows(_key, id))
            {
                return false;
            }

            var block = _store.Add(_key, id, data, confirmed);
            if (confirmed)
            {
                _blocks.Add(block);
            }
            else
            {
                _pending.Add(block);
            }

            return true;
        }
    }

    /// <summary>Allocates a one-time pad and a signing key in one step: both or neither.</summary>
    /// <param name="pad">Filled with the pad; may be empty, then there is none. At most <see cref="Allocation.MaxPadFragments"/> fragments.</param>
    /// <param name="signingKey">Filled with the signing key. At most <see cref="Allocation.MaxKeyFragments"/> fragments.</param>
    /// <param name="padAllocation">Names the pad; null without one.</param>
    /// <param name="keyAllocation">Names the signing key; null unless the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <param name="fromReserve">Whether the reserve may be used: for messages that mend the link, and no others.</param>
    /// <returns>
    /// <see cref="PsrdOutcome.Ok"/>; <see cref="PsrdOutcome.OutOfPsrd"/>; or <see cref="PsrdOutcome.TooFragmented"/>, in which case
    /// nothing was allocated either.
    /// </returns>
    /// <exception cref="IOException">The storage failed. What had been allocated by then is spent; the buffers are to be zeroed by the caller as ever.</exception>
    public PsrdOutcome TryAllocate(
        Span<byte> pad, Span<byte> signingKey, out Allocation? padAllocation, out Allocation? keyAllocation, bool fromReserve = false)
    {
        padAllocation = null;
        keyAllocation = null;
        lock (_lock)
        {
            if (Available() - (fromReserve ? 0 : Reserve()) < pad.Length + (long)signingKey.Length)
            {
                return PsrdOutcome.OutOfPsrd;
            }

            if (CountFragments(0, pad.Length) > Allocation.MaxPadFragments || CountFragments(pad.Length, signingKey.Length) > Allocation.MaxKeyFragments)
            {
                return PsrdOutcome.TooFragmented;
            }

            if (!pad.IsEmpty)
            {
                padAllocation = Consume(pad);
            }

            keyAllocation = Consume(signingKey);
            return PsrdOutcome.Ok;
        }
    }

    /// <summary>
    /// Forgets every block, erasing what is left of it, and takes no further ones: the pool is of no use any more to either end, and
    /// another one may be opened over the same storage.
    /// </summary>
    /// <exception cref="IOException">The storage failed; the pool takes nothing and hands nothing out all the same.</exception>
    public void Clear()
    {
        lock (_lock)
        {
            _retired = true;
            Empty();
        }
    }

    /// <summary>Forgets every block, erasing what is left of it. Further ones may be added.</summary>
    /// <exception cref="IOException">The storage failed half way: to be repeated.</exception>
    public void Empty()
    {
        lock (_lock)
        {
            CloseWindow();
            CloseHeldWindows();
            while (_blocks.Count > 0)
            {
                Forget(_blocks.Count - 1);
            }

            _pending.Drop();
            _pending.DropHeld();
        }
    }

    /// <summary>How much of each block is left, in the order of use.</summary>
    public IReadOnlyList<BlockStatus> GetStatus()
    {
        lock (_lock)
        {
            return
            [
                .. _blocks.Select((block, index) => new BlockStatus(block.Id, block.Size, UnusedIn(index))),
                .. _pending.Blocks.Select(block => new BlockStatus(block.Id, block.Size, block.Size - block.Floor, IsConfirmed: false, _pending.IsHeld(block.Id))),
            ];
        }
    }

    /// <summary>Zeroes the open window. The blocks stay in storage; the bytes of the window are forfeited.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            CloseWindow();
            CloseHeldWindows();
        }
    }

    private int WindowLeft => _window is null ? 0 : _window.Length - _windowUsed;

    private long Available()
    {
        long available = 0;
        for (var i = 0; i < _blocks.Count; i++)
        {
            available += UnusedIn(i);
        }

        return available;
    }

    private long Reserve()
    {
        long largest = 0;
        foreach (var block in _blocks)
        {
            largest = Math.Max(largest, block.Size);
        }

        return _keepsReserve && largest > 0 ? PsrdReserve.Of(largest) : 0;
    }

    /// <summary>Only the first block has an open window: the others are untouched.</summary>
    private long UnusedIn(int index) => _blocks[index].Size - _blocks[index].Floor + (index == 0 ? WindowLeft : 0);

    /// <summary>How many fragments an allocation of <paramref name="size"/> bytes has once <paramref name="skip"/> bytes are gone.</summary>
    private int CountFragments(long skip, long size)
    {
        var count = 0;
        long begin = 0;
        for (var i = 0; i < _blocks.Count; i++)
        {
            var end = begin + UnusedIn(i);
            count += Math.Max(begin, skip) < Math.Min(end, skip + size) ? 1 : 0;
            begin = end;
        }

        return count;
    }

    /// <summary>Moves the next bytes into <paramref name="destination"/>, leasing windows as they are needed.</summary>
    private Allocation Consume(Span<byte> destination)
    {
        var fragments = new List<Fragment>(1);
        var done = 0;
        while (done < destination.Length)
        {
            var block = _blocks[0];
            if (WindowLeft == 0 && block.Floor == block.Size)
            {
                // Storage failed when it leased the last window: these bytes are gone.
                Forget(0);
                continue;
            }

            if (WindowLeft == 0)
            {
                LeaseNext(block, destination.Length - done);
            }

            var count = Math.Min(WindowLeft, destination.Length - done);
            var start = block.Floor - WindowLeft;
            var source = _window!.Span.Slice(_windowUsed, count);
            source.CopyTo(destination[done..]);
            source.Clear();
            _windowUsed += count;
            done += count;
            fragments.Add(new Fragment(block.Id, start, count));
            if (WindowLeft == 0)
            {
                CloseWindow();
                if (block.Floor == block.Size)
                {
                    // Off the list first: should storage fail, the next allocation must not look for bytes here.
                    _blocks.RemoveAt(0);
                    _store.Remove(_key, block.Id);
                }
            }
        }

        var allocation = Allocation.Own(Joined(fragments));
        _store.Journal?.Allocated(_key, allocation);
        return allocation;
    }

    /// <summary>Leases whole windows up to the one that holds the last byte wanted: large allocations take one durable step a block.</summary>
    private void LeaseNext(IPsrdBlock block, long wanted)
    {
        CloseWindow();
        var last = Math.Min(block.Floor + wanted, block.Size) - 1;
        var newFloor = WindowGrid.WindowEnd(block.Size, last);
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

        _window = window;
    }

    private void CloseWindow()
    {
        _window?.Dispose();
        _window = null;
        _windowUsed = 0;
    }

    private static Fragment[] Joined(List<Fragment> fragments)
    {
        var count = 0;
        for (var i = 0; i < fragments.Count; i++)
        {
            var fragment = fragments[i];
            if (count > 0 && fragments[count - 1] is var last && last.BlockId == fragment.BlockId && last.Start + last.Size == fragment.Start)
            {
                fragments[count - 1] = last with { Size = last.Size + fragment.Size };
            }
            else
            {
                fragments[count++] = fragment;
            }
        }

        fragments.RemoveRange(count, fragments.Count - count);
        return [.. fragments];
    }
}
