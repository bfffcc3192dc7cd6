using System.Numerics;

namespace Dske.Storage.Records;

/// <summary>
/// Which slots of a file are free. Runs are powers of two and are not joined again, so that a file is at most as long as the peaks of all
/// sizes together.
/// </summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
internal sealed class RecordSlots
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<int, int>[] _free = [.. Enumerable.Range(0, 31).Select(_ => new PriorityQueue<int, int>())];
    private readonly Dictionary<int, int> _runs = [];
    private int _end;

    /// <summary>Takes a run of slots, the lowest that is free.</summary>
    /// <param name="count">How many: a power of two.</param>
    /// <returns>The first slot.</returns>
    public int Take(int count)
    {
        using (_lock.EnterScope())
        {
            if (!_free[BitOperations.Log2((uint)count)].TryDequeue(out var slot, out _))
            {
                slot = _end;
                _end = checked(_end + count);
            }

            _runs.Add(slot, count);
            return slot;
        }
    }

    /// <summary>Notes a run that is in use, found at the end of what is known so far or behind it.</summary>
    public void Occupy(int slot, int count)
    {
        using (_lock.EnterScope())
        {
            ReleaseUpTo(slot);
            _runs.Add(slot, count);
            _end = slot + count;
        }
    }

    /// <summary>Notes that everything behind what is known so far is free, up to a slot (exclusive).</summary>
    public void Free(int end)
    {
        using (_lock.EnterScope())
        {
            ReleaseUpTo(end);
        }
    }

    /// <summary>How many slots a run has.</summary>
    public int Count(int slot)
    {
        using (_lock.EnterScope())
        {
            return _runs[slot];
        }
    }

    /// <summary>Gives a run back that is durably erased.</summary>
    public void Release(int slot)
    {
        using (_lock.EnterScope())
        {
            if (_runs.Remove(slot, out var count))
            {
                _free[BitOperations.Log2((uint)count)].Enqueue(slot, slot);
            }
        }
    }

    private void ReleaseUpTo(int end)
    {
        // One by one: most records take one slot.
        for (; _end < end; _end++)
        {
            _free[0].Enqueue(_end, _end);
        }
    }
}
