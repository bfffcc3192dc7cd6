namespace Dske.Protocol.Psrd;

/// <summary>How the end that takes agrees with the other one on blocks and positions.</summary>
public sealed partial class PeerPool
{
    /// <summary>
    /// How long a block is kept that the owner lists no more because it has used it up: messages that name it may still be under way.
    /// </summary>
    public static readonly TimeSpan UnlistedTime = TimeSpan.FromSeconds(30);

    /// <summary>Where this end is with each of its blocks: the byte after the last one it has seen used.</summary>
    /// <param name="withPending">Whether blocks that wait for confirmation are listed too, after the others.</param>
    public IReadOnlyList<BlockPosition> GetPositions(bool withPending)
    {
        lock (_lock)
        {
            return
            [
                .. _blocks.Select(block => new BlockPosition(block.Id, block.Position)),
                .. _pending.Blocks.Where(_ => withPending).Select(block => new BlockPosition(block.Id, block.Floor)),
            ];
        }
    }

    /// <summary>How many bytes the owner can still allocate in blocks that this end has too.</summary>
    /// <param name="allocated">All blocks of this pool that the owner has, with its next byte in each.</param>
    /// <exception cref="ArgumentNullException"><paramref name="allocated"/> is null.</exception>
    public long CountLeftToOwner(IReadOnlyList<BlockPosition> allocated)
    {
        ArgumentNullException.ThrowIfNull(allocated);
        var positions = LocalPool.Index(allocated);
        lock (_lock)
        {
            return _blocks.Sum(block => positions.TryGetValue(block.Id, out var position) ? block.Size - Math.Clamp(position, 0, block.Size) : 0);
        }
    }

    /// <summary>
    /// Takes over what the owner says: which blocks it has, and how far it is. Blocks that wait are confirmed when it lists them and given
    /// up otherwise; others that it lists no more go once nothing can be under way that names them.
    /// </summary>
    /// <param name="allocated">All blocks of this pool that the owner has, with its next byte in each. From an authentic message only.</param>
    /// <param name="fresh">
    /// Whether this end has just started: then it has no open windows to lose, and gives up everything before the owner's positions, so
    /// that no message from before the start is taken for a new one.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentNullException"><paramref name="allocated"/> or <paramref name="time"/> is null.</exception>
    /// <exception cref="IOException">The storage failed half way: to be repeated.</exception>
    public void Adopt(IReadOnlyList<BlockPosition> allocated, bool fresh, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(allocated);
        ArgumentNullException.ThrowIfNull(time);
        lock (_lock)
        {
            if (_retired)
            {
                return;
            }

            var positions = LocalPool.Index(allocated);
            foreach (var block in _blocks.ToArray())
            {
                if (positions.TryGetValue(block.Id, out var position))
                {
                    block.UnlistedSince = null;
                    if (position <= block.Size && (fresh || position - block.Floor > MaxJump / 2))
                    {
                        // So far ahead, most likely because messages were lost, that the next ones would be refused.
                        block.SkipTo(position, _opened);
                    }
                }
                else if (fresh || IsOverdue(block, time))
                {
                    Forget(block);
                }
            }

            _blocks.AddRange(_pending.Confirm(allocated).Select(block => new PeerBlock(block)));
            _pending.Drop();
            ForgetUsedUp();
        }
    }

    /// <inheritdoc cref="LocalPool.DropPending" />
    public void DropPending(DateTimeOffset addedBefore, int keep)
    {
        lock (_lock)
        {
            _pending.Drop(addedBefore, keep);
        }
    }

    /// <summary>
    /// Uses up the signing key of an authentic message that mends the link, however far ahead it lies, and confirms the block it lies in:
    /// whoever signed with its bytes has it.
    /// </summary>
    /// <param name="signingKey">The allocation with which <see cref="TryRead"/> succeeded.</param>
    /// <param name="keySize">The size of a signing key, in bytes.</param>
    /// <returns>False when another message used it first.</returns>
    internal bool TryTakeToMend(Allocation signingKey, int keySize)
    {
        lock (_lock)
        {
            if (Check(signingKey, keySize, Allocation.MaxKeyFragments, withPending: true) != PsrdOutcome.Ok)
            {
                return false;
            }

            foreach (var fragment in signingKey.Fragments)
            {
                if (_pending.Find(fragment.BlockId) is not null)
                {
                    _blocks.AddRange(_pending.Confirm([new BlockPosition(fragment.BlockId, 0)]).Select(block => new PeerBlock(block)));
                }

                var confirmed = Find(fragment.BlockId)!;
                if (fragment.Start - confirmed.Floor > MaxJump / 2)
                {
                    confirmed.SkipTo(fragment.Start, _opened);
                }
            }

            Use(signingKey, default);
            ForgetUsedUp();
            return true;
        }
    }

    private static bool IsOverdue(PeerBlock block, TimeProvider time)
    {
        block.UnlistedSince ??= time.GetTimestamp();
        return block.Size - block.Floor > MaxJump / 2 || time.GetElapsedTime(block.UnlistedSince.Value) >= UnlistedTime;
    }

    private void Forget(PeerBlock block)
    {
        block.SkipTo(block.Floor, _opened);
        block.Dispose();
        _blocks.Remove(block);
        _usedUp.Remember(block.Id);
        _store.Remove(_key, block.Id);
    }
}
