using System.Numerics;

namespace Dske.Storage.Records;

/// <summary>
/// Which slots of a file are free, in runs of powers of two. Long runs are split where short ones are missing; they are joined again when the
/// file is opened the next time.
/// </summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
internal sealed class RecordSlots
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<int, int>[] _free = [.. Enumerable.Range(0, 31).Select(_ => new PriorityQueue<int, int>())];
    private readonly Dictionary<int, int> _runs = [];
    private int _end;

    /// <summary>Takes a run of slots that is free, as short a one as there is.</summary>
    /// <param name="count">How many: a power of two.</param>
    /// <returns>The first slot.</returns>
    public int Take(int count)
    {
        using (_lock.EnterScope())
        {
            var slot = TakeFree(count);
            if (slot < 0)
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

    /// <summary>Takes the beginning of the shortest run that is long enough; what is left of it stays free. -1 when there is none.</summary>
    private int TakeFree(int count)
    {
        for (var order = BitOperations.Log2((uint)count); order < _free.Length; order++)
        {
            if (!_free[order].TryDequeue(out var slot, out _))
            {
                continue;
            }

            while (1 << order > count)
            {
                order--;
                _free[order].Enqueue(slot + (1 << order), slot + (1 << order));
            }

            return slot;
        }

        return -1;
    }

    private void ReleaseUpTo(int end)
    {
        while (_end < end)
        {
            var order = BitOperations.Log2((uint)(end - _end));
            _free[order].Enqueue(_end, _end);
            _end += 1 << order;
        }
    }
}
