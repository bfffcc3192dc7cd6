using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>
/// The pool of a link from which this end allocates. Bytes are handed out in order, each one once; there is no giving back: what
/// was allocated is spent, whatever becomes of the message.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state, storage included.</remarks>
public sealed class LocalPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IPsrdStore _store;
    private readonly PsrdPoolKey _key;
    private readonly List<IPsrdBlock> _blocks;
    private readonly UsedUpBlocks _usedUp = new();
    private SecretBytes? _window;
    private int _windowUsed;
    private bool _retired;

    /// <summary>Opens the pool with the blocks that its storage holds.</summary>
    /// <param name="store">Where the blocks are.</param>
    /// <param name="key">Which pool this is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public LocalPool(IPsrdStore store, PsrdPoolKey key)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _key = key;
        _blocks = [.. store.Open(key)];
    }

    /// <summary>The bytes that can still be allocated.</summary>
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

    /// <summary>The number of blocks that are not used up.</summary>
    public int BlockCount
    {
        get
        {
            lock (_lock)
            {
                return _blocks.Count;
            }
        }
    }

    /// <summary>Adds a fresh block at the end.</summary>
    /// <param name="id">The block's UUID.</param>
    /// <param name="data">Its bytes; copied. Zeroing the source stays the caller's duty.</param>
    /// <returns>False when the pool holds a block of this UUID already, used it up lately, or was cleared; nothing changed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="data"/> is empty.</exception>
    public bool TryAdd(Guid id, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_retired || _blocks.Exists(block => block.Id == id) || _usedUp.Contains(id))
            {
                return false;
            }

            _blocks.Add(_store.Add(_key, id, data, confirmed: true));
            return true;
        }
    }

    /// <summary>Allocates a one-time pad and a signing key in one step: both or neither.</summary>
    /// <param name="pad">Filled with the pad; may be empty, then there is none. At most <see cref="Allocation.MaxPadFragments"/> fragments.</param>
    /// <param name="signingKey">Filled with the signing key. At most <see cref="Allocation.MaxKeyFragments"/> fragments.</param>
    /// <param name="padAllocation">Names the pad; null without one.</param>
    /// <param name="keyAllocation">Names the signing key; null unless the result is <see cref="PsrdOutcome.Ok"/>.</param>
    /// <returns>
    /// <see cref="PsrdOutcome.Ok"/>; <see cref="PsrdOutcome.OutOfPsrd"/>; or <see cref="PsrdOutcome.TooFragmented"/>, in which case
    /// nothing was allocated either.
    /// </returns>
    public PsrdOutcome TryAllocate(Span<byte> pad, Span<byte> signingKey, out Allocation? padAllocation, out Allocation? keyAllocation)
    {
        padAllocation = null;
        keyAllocation = null;
        lock (_lock)
        {
            if (Available() < pad.Length + (long)signingKey.Length)
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
    public void Clear()
    {
        lock (_lock)
        {
            _retired = true;
            CloseWindow();
            _blocks.ForEach(block => _store.Remove(_key, block.Id));
            _blocks.Clear();
            _usedUp.Clear();
        }
    }

    /// <summary>How much of each block is left, in the order of use.</summary>
    public IReadOnlyList<BlockStatus> GetStatus()
    {
        lock (_lock)
        {
            return [.. _blocks.Select((block, index) => new BlockStatus(block.Id, block.Size, UnusedIn(index)))];
        }
    }

    /// <summary>Zeroes the open window. The blocks stay in storage; the bytes of the window are forfeited.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            CloseWindow();
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
                    _usedUp.Remember(block.Id);
                    _store.Remove(_key, block.Id);
                }
            }
        }

        return Allocation.Own(Joined(fragments));
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

        return [.. fragments[..count]];
    }
}
