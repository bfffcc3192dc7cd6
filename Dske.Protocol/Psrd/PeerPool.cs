namespace Dske.Protocol.Psrd;

/// <summary>
/// The pool of a link from which the peer allocates, and this end takes what the peer's messages name: only after the message
/// proved authentic, each byte once, in any order within a bounded span.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state, storage included.</remarks>
public sealed class PeerPool : IDisposable
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
    private readonly UsedUpBlocks _usedUp = new();
    private bool _retired;

    /// <summary>Opens the pool with the blocks that its storage holds.</summary>
    /// <param name="store">Where the blocks are.</param>
    /// <param name="key">Which pool this is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="store"/> is null.</exception>
    public PeerPool(IPsrdStore store, PsrdPoolKey key)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _key = key;
        _blocks = [.. store.Open(key).Select(block => new PeerBlock(block))];
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

    /// <inheritdoc cref="LocalPool.TryAdd" />
    public bool TryAdd(Guid id, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_retired || _blocks.Exists(block => block.Id == id) || _usedUp.Contains(id))
            {
                return false;
            }

            _blocks.Add(new PeerBlock(_store.Add(_key, id, data, confirmed: true)));
            return true;
        }
    }

    /// <summary>Reads a signing key to check a message with. Uses nothing, leases nothing: a forged message leaves no trace.</summary>
    /// <param name="allocation">What the message names as its signing key: untrusted.</param>
    /// <param name="signingKey">Filled with the key; its length is the only accepted size.</param>
    /// <returns><see cref="PsrdOutcome.Ok"/> or why there is no such key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="allocation"/> is null.</exception>
    public PsrdOutcome TryRead(Allocation allocation, Span<byte> signingKey)
    {
        ArgumentNullException.ThrowIfNull(allocation);
        lock (_lock)
        {
            var outcome = Check(allocation, signingKey.Length, Allocation.MaxKeyFragments);
            if (outcome != PsrdOutcome.Ok)
            {
                return outcome;
            }

            var done = 0;
            foreach (var fragment in allocation.Fragments)
            {
                var size = (int)fragment.Size;
                Find(fragment.BlockId)!.Read(fragment.Start, signingKey.Slice(done, size));
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
            foreach (var block in _blocks)
            {
                block.Dispose();
                _store.Remove(_key, block.Id);
            }

            _blocks.Clear();
            _opened.Clear();
            _usedUp.Clear();
        }
    }

    /// <inheritdoc cref="LocalPool.GetStatus" />
    public IReadOnlyList<BlockStatus> GetStatus()
    {
        lock (_lock)
        {
            return [.. _blocks.Select(block => new BlockStatus(block.Id, block.Size, block.Unused))];
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

    private PeerBlock? Find(Guid id) => _blocks.Find(block => block.Id == id);

    private PsrdOutcome Check(Allocation allocation, int size, int maxFragments)
    {
        var fragments = allocation.Fragments;
        if (fragments.Length == 0 || fragments.Length > maxFragments || allocation.Size != size)
        {
            return PsrdOutcome.WrongSize;
        }

        foreach (var fragment in fragments)
        {
            var block = Find(fragment.BlockId);
            if (block is null)
            {
                return _usedUp.Contains(fragment.BlockId) ? PsrdOutcome.AlreadyUsed : PsrdOutcome.UnknownBlock;
            }

            if (fragment.Size <= 0 || fragment.Start < 0 || fragment.Start > block.Size - fragment.Size)
            {
                return PsrdOutcome.OutOfRange;
            }

            if (!block.IsUnused(fragment.Start, fragment.Size))
            {
                return PsrdOutcome.AlreadyUsed;
            }
        }

        return HasOverlap(fragments) ? PsrdOutcome.AlreadyUsed : PsrdOutcome.Ok;
    }

    private PsrdOutcome CheckForUse(Allocation allocation, int size, int maxFragments)
    {
        var outcome = Check(allocation, size, maxFragments);
        return outcome == PsrdOutcome.Ok ? CheckJump(allocation) : outcome;
    }

    /// <summary>Refuses what would lease more than <see cref="MaxJump"/>, counting the untouched bytes of the blocks passed over.</summary>
    private PsrdOutcome CheckJump(Allocation allocation)
    {
        foreach (var fragment in allocation.Fragments)
        {
            long distance = 0;
            foreach (var block in _blocks)
            {
                if (block.Id == fragment.BlockId)
                {
                    distance += Math.Max(0, fragment.Start + fragment.Size - block.Floor);
                    break;
                }

                distance += block.Size - block.Floor;
            }

            if (distance > MaxJump)
            {
                return PsrdOutcome.JumpTooFar;
            }
        }

        return PsrdOutcome.Ok;
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

    private static bool HasOverlap(ReadOnlySpan<Fragment> fragments)
    {
        if (fragments.Length == 1)
        {
            return false;
        }

        var sorted = fragments.ToArray();
        Array.Sort(sorted, static (a, b) => a.BlockId != b.BlockId ? a.BlockId.CompareTo(b.BlockId) : a.Start.CompareTo(b.Start));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].BlockId == sorted[i - 1].BlockId && sorted[i].Start < sorted[i - 1].Start + sorted[i - 1].Size)
            {
                return true;
            }
        }

        return false;
    }
}
