namespace Dske.Protocol.Psrd;

/// <summary>
/// The pool of a link from which the peer allocates, and this end takes what the peer's messages name: only after the message
/// proved authentic, each byte once, in any order within a bounded span.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state, storage included.</remarks>
public sealed partial class PeerPool : IDisposable
{
    /// <summary>
    /// How far ahead of storage's floor an allocation may lie, in bytes: a peer has at most this much in flight. It bounds what one
    /// authentic message can make this end lease.
    /// </summary>
    public const long MaxJump = 4 * 1024 * 1024;

    /// <summary>How many leased bytes are kept for allocations that arrive late; older holes are erased.</summary>
    public const long MaxOpenBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly IPsrdStore _store;
    private readonly PsrdPoolKey _key;
    private readonly List<PeerBlock> _blocks;
    private readonly LinkedList<(PeerBlock Block, OpenWindow Window)> _opened = new();
    private readonly PendingBlocks _pending;
    private readonly UsedUpBlocks _usedUp = new();
    private bool _retired;

    /// <summary>Opens the pool with the blocks that its storage holds.</summary>
    /// <param name="store">Where the blocks are.</param>
    /// <param name="key">Which pool this is.</param>
    /// <param name="couriered">Unconfirmed blocks that are left alone until they are held (<see cref="Hold"/>); null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public PeerPool(IPsrdStore store, PsrdPoolKey key, IReadOnlySet<Guid>? couriered = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _key = key;
        _blocks = [.. store.Open(key).Where(block => block.IsConfirmed).Select(block => new PeerBlock(block))];
        _pending = new PendingBlocks(store, key, couriered);
    }

    /// <summary>The bytes that can still be taken.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_lock)
            {
                return _blocks.Sum(block => block.Unused);
            }
        }
    }

    /// <summary>What the owner keeps back of its end of the pool, as far as this end can tell, in bytes.</summary>
    public long ReserveBytes
    {
        get
        {
            lock (_lock)
            {
                return _blocks.Count > 0 ? PsrdReserve.Of(_blocks.Max(block => block.Size)) : 0;
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

    /// <inheritdoc cref="LocalPool.TryAdd" />
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
                _blocks.Add(new PeerBlock(block));
            }
            else
            {
                _pending.Add(block);
            }

            return true;
        }
    }

    /// <summary>Reads a signing key to check a message with. Uses nothing, leases nothing: a forged message leaves no trace.</summary>
    /// <param name="allocation">What the message names as its signing key: untrusted.</param>
    /// <param name="signingKey">Filled with the key; its length is the only accepted size.</param>
    /// <param name="withPending">
    /// Whether the key may lie in a block that waits for confirmation: in answers that confirm blocks, and in no others.
    /// </param>
    /// <returns><see cref="PsrdOutcome.Ok"/> or why there is no such key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="allocation"/> is null.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public PsrdOutcome TryRead(Allocation allocation, Span<byte> signingKey, bool withPending = false)
    {
        ArgumentNullException.ThrowIfNull(allocation);
        lock (_lock)
        {
            var outcome = Check(allocation, signingKey.Length, Allocation.MaxKeyFragments, withPending);
            if (outcome != PsrdOutcome.Ok)
            {
                return outcome;
            }

            var done = 0;
            foreach (var fragment in allocation.Fragments)
            {
                var size = (int)fragment.Size;
                var destination = signingKey.Slice(done, size);
                if (Find(fragment.BlockId) is { } block)
                {
                    block.Read(fragment.Start, destination);
                }
                else
                {
                    _pending.Find(fragment.BlockId)!.Peek(fragment.Start, destination);
                }

                done += size;
            }

            return PsrdOutcome.Ok;
        }
    }

    /// <summary>
    /// Uses up the signing key of a message that proved authentic, and in the same step takes its pad. When only the pad is at fault
    /// the signing key is used up all the same, and no byte of the pad.
    /// </summary>
    /// <param name="signingKey">The allocation with which <see cref="TryRead"/> succeeded.</param>
    /// <param name="keySize">The size of a signing key, in bytes.</param>
    /// <param name="padAllocation">What the message names as its pad; null when it has none.</param>
    /// <param name="pad">Filled with the pad; its length is the only accepted size.</param>
    /// <param name="outcome"><see cref="PsrdOutcome.Ok"/>, or the fault of the key or else of the pad.</param>
    /// <returns>
    /// Whether the signing key was used up by this call. False means that another message used it first, or that it lies too far
    /// ahead: nothing was used, and the message counts for nothing.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="signingKey"/> is null.</exception>
    /// <exception cref="IOException">The storage failed: what had been leased by then is given up, and the message counts for nothing.</exception>
    public bool TryTake(Allocation signingKey, int keySize, Allocation? padAllocation, Span<byte> pad, out PsrdOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(signingKey);
        lock (_lock)
        {
            outcome = CheckForUse(signingKey, keySize, Allocation.MaxKeyFragments);
            if (outcome != PsrdOutcome.Ok)
            {
                return false;
            }

            // The key goes first: a pad that names the same bytes is then refused like any other used bytes.
            Use(signingKey, default);
            if (padAllocation is not null)
            {
                outcome = CheckForUse(padAllocation, pad.Length, Allocation.MaxPadFragments);
                if (outcome == PsrdOutcome.Ok)
                {
                    Use(padAllocation, pad);
                }
            }

            ForgetUsedUp();
            return true;
        }
    }

    /// <inheritdoc cref="LocalPool.Clear" />
    public void Clear()
    {
        lock (_lock)
        {
            _retired = true;
            Empty();
            _usedUp.Clear();
        }
    }

    /// <inheritdoc cref="LocalPool.Empty" />
    public void Empty()
    {
        lock (_lock)
        {
            while (_blocks.Count > 0)
            {
                Forget(_blocks[^1]);
            }

            _pending.Drop();
            _pending.DropHeld();
        }
    }

    /// <inheritdoc cref="LocalPool.GetStatus" />
    public IReadOnlyList<BlockStatus> GetStatus()
    {
        lock (_lock)
        {
            return
            [
                .. _blocks.Select(block => new BlockStatus(block.Id, block.Size, block.Unused)),
                .. _pending.Blocks.Select(block => new BlockStatus(block.Id, block.Size, block.Size - block.Floor, IsConfirmed: false, _pending.IsHeld(block.Id))),
            ];
        }
    }

    /// <summary>Zeroes the open windows. The blocks stay in storage; the bytes of the windows are forfeited.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _blocks.ForEach(block => block.Dispose());
            _opened.Clear();
        }
    }

    private void Use(Allocation allocation, Span<byte> destination)
    {
        var done = 0;
        foreach (var fragment in allocation.Fragments)
        {
            var block = Find(fragment.BlockId)!;
            var size = (int)fragment.Size;
            block.LeaseTo(fragment.Start + size, _opened);
            block.Use(fragment.Start, size, destination.IsEmpty ? default : destination.Slice(done, size), _opened);
            done += size;
        }

        _store.Journal?.Taken(_key, allocation);
    }

    private void ForgetUsedUp()
    {
        // Windows close as soon as they are used up, so that there are rarely enough of them to be worth adding up.
        var open = _opened.Count > MaxOpenBytes / WindowGrid.MaxWindow ? _opened.Sum(entry => (long)entry.Window.Size) : 0;
        while (open > MaxOpenBytes && _opened.First is { } oldest)
        {
            open -= oldest.Value.Window.Size;
            oldest.Value.Block.Close(oldest.Value.Window, _opened);
        }

        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            if (_blocks[i].IsUsedUp)
            {
                var id = _blocks[i].Id;
                _blocks.RemoveAt(i);
                _usedUp.Remember(id);
                _store.Remove(_key, id);
            }
        }
    }
}
