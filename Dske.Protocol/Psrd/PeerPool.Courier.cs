namespace Dske.Protocol.Psrd;

/// <summary>Blocks that a courier carries, at the end that takes.</summary>
public sealed partial class PeerPool
{
    /// <inheritdoc cref="LocalPool.Hold" />
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

    /// <inheritdoc cref="LocalPool.DropHeld" />
    internal void DropHeld()
    {
        lock (_lock)
        {
            _pending.DropHeld();
        }
    }

    /// <inheritdoc cref="LocalPool.ReleaseHeld" />
    internal void ReleaseHeld(IReadOnlySet<Guid> blocks)
    {
        lock (_lock)
        {
            _pending.ReleaseHeld(blocks);
        }
    }

    /// <inheritdoc cref="LocalPool.EmptyButHeld" />
    internal void EmptyButHeld()
    {
        lock (_lock)
        {
            while (_blocks.Count > 0)
            {
                Forget(_blocks[^1]);
            }

            _pending.Drop();
        }
    }

    /// <summary>
    /// Reads the signing key of a sync to check it with, like <see cref="TryRead"/>; it may lie in a block that a courier carries, since whoever has
    /// its bytes has the file.
    /// </summary>
    /// <inheritdoc cref="TryRead" path="/*[not(self::summary)]" />
    internal PsrdOutcome TryReadHeld(Allocation allocation, Span<byte> signingKey)
    {
        lock (_lock)
        {
            foreach (var fragment in allocation.Fragments)
            {
                if (Find(fragment.BlockId) is null && !_pending.IsHeld(fragment.BlockId))
                {
                    return _usedUp.Contains(fragment.BlockId) ? PsrdOutcome.AlreadyUsed : PsrdOutcome.UnknownBlock;
                }
            }

            return TryRead(allocation, signingKey, withPending: true);
        }
    }
}
