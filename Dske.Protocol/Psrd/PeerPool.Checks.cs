namespace Dske.Protocol.Psrd;

/// <summary>What an allocation has to be like before any of its bytes is read or used.</summary>
public sealed partial class PeerPool
{
    private PeerBlock? Find(Guid id)
    {
        foreach (var block in _blocks)
        {
            if (block.Id == id)
            {
                return block;
            }
        }

        return null;
    }

    private PsrdOutcome Check(Allocation allocation, int size, int maxFragments, bool withPending = false)
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
                if (withPending && _pending.Find(fragment.BlockId) is { } pending)
                {
                    if (fragment.Size <= 0 || fragment.Start < 0 || fragment.Start > pending.Size - fragment.Size)
                    {
                        return PsrdOutcome.OutOfRange;
                    }

                    continue;
                }

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

    /// <summary>
    /// Refuses what would lease more than <see cref="MaxJump"/>, counting the untouched bytes of the blocks passed over; not of those that
    /// the owner says it has left behind.
    /// </summary>
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

                distance += block.UnlistedSince is null ? block.Size - block.Floor : 0;
            }

            if (distance > MaxJump)
            {
                return PsrdOutcome.JumpTooFar;
            }
        }

        return PsrdOutcome.Ok;
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
