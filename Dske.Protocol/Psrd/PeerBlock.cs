using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>A block at the receiving end: what is still in storage, above the floor, and the windows open below it.</summary>
/// <remarks>Not safe for concurrent use: guarded by its pool's lock.</remarks>
internal sealed class PeerBlock(IPsrdBlock stored) : IDisposable
{
    private readonly Dictionary<long, LinkedListNode<(PeerBlock Block, OpenWindow Window)>> _windows = [];
    private readonly int _windowSize = WindowGrid.WindowSize(stored.Size);

    public Guid Id => stored.Id;

    public long Size => stored.Size;

    public long Floor => stored.Floor;

    /// <summary>The byte after the last one that was seen used, or where this end's memory of the block begins.</summary>
    public long Position { get; private set; } = stored.Floor;

    /// <summary>Since when the other end lists the block no more (<see cref="TimeProvider.GetTimestamp"/>); null while it does.</summary>
    public long? UnlistedSince { get; set; }

    public long Unused => stored.Size - stored.Floor + _windows.Values.Sum(node => (long)node.Value.Window.Unused);

    public bool IsUsedUp => stored.Floor == stored.Size && _windows.Count == 0;

    public bool IsUnused(long start, long size)
    {
        for (var (position, end) = (start, Math.Min(start + size, stored.Floor)); position < end;)
        {
            // A floor that a sync raised may lie off the grid: then the first window begins within its cell.
            if (!_windows.TryGetValue(position / _windowSize, out var node) || position < node.Value.Window.Start)
            {
                return false;
            }

            var (offset, count) = Within(node.Value.Window, position, end);
            if (!node.Value.Window.IsUnused(offset, count))
            {
                return false;
            }

            position += count;
        }

        return true;
    }

    /// <summary>Reads unused bytes without using them.</summary>
    public void Read(long start, Span<byte> destination)
    {
        var done = 0;
        while (done < destination.Length && start + done < stored.Floor)
        {
            var window = _windows[(start + done) / _windowSize].Value.Window;
            var (offset, count) = Within(window, start + done, start + destination.Length);
            window.Read(offset, destination.Slice(done, count));
            done += count;
        }

        if (done < destination.Length)
        {
            stored.Peek(start + done, destination[done..]);
        }
    }

    /// <summary>How many bytes a lease has to cover until all bytes before <paramref name="end"/> are open.</summary>
    public long LeaseNeeded(long end) => end <= stored.Floor ? 0 : WindowGrid.WindowEnd(stored.Size, end - 1) - stored.Floor;

    /// <summary>Leases up to the window that ends at or after <paramref name="end"/>, in one step.</summary>
    public void LeaseTo(long end, LinkedList<(PeerBlock Block, OpenWindow Window)> opened)
    {
        var from = stored.Floor;
        var count = LeaseNeeded(end);
        if (count == 0)
        {
            return;
        }

        using var bytes = new SecretBytes((int)count);
        stored.Lease(from + count, bytes.Span);
        for (var position = from; position < from + count;)
        {
            var windowEnd = WindowGrid.WindowEnd(stored.Size, position);
            var window = new OpenWindow(position, bytes.Span[(int)(position - from)..(int)(windowEnd - from)]);
            _windows[position / _windowSize] = opened.AddLast((this, window));
            position = windowEnd;
        }
    }

    /// <summary>Uses bytes that are unused and leased; copies them out when <paramref name="destination"/> is not empty.</summary>
    public void Use(long start, long size, Span<byte> destination, LinkedList<(PeerBlock Block, OpenWindow Window)> opened)
    {
        Position = Math.Max(Position, start + size);
        for (long done = 0; done < size;)
        {
            var window = _windows[(start + done) / _windowSize].Value.Window;
            var (offset, count) = Within(window, start + done, start + size);
            window.Use(offset, count, destination.IsEmpty ? default : destination.Slice((int)done, count));
            done += count;
            if (window.Unused == 0)
            {
                Close(window, opened);
            }
        }
    }

    /// <summary>Gives up everything before a position: windows, parts of windows, and what is still in storage.</summary>
    public void SkipTo(long position, LinkedList<(PeerBlock Block, OpenWindow Window)> opened)
    {
        foreach (var node in _windows.Values.ToArray())
        {
            var window = node.Value.Window;
            if (window.Start >= position)
            {
                continue;
            }

            window.Use(0, (int)Math.Min(window.Size, position - window.Start), default);
            if (window.Unused == 0)
            {
                Close(window, opened);
            }
        }

        if (position > stored.Floor)
        {
            stored.Skip(position);
        }

        Position = Math.Max(Position, position);
    }

    /// <summary>Gives up what is left in a window, zeroing it.</summary>
    public void Close(OpenWindow window, LinkedList<(PeerBlock Block, OpenWindow Window)> opened)
    {
        if (_windows.Remove(window.Start / _windowSize, out var node))
        {
            opened.Remove(node);
            window.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var node in _windows.Values)
        {
            node.Value.Window.Dispose();
        }

        _windows.Clear();
    }

    private static (int Offset, int Count) Within(OpenWindow window, long position, long end)
    {
        var offset = (int)(position - window.Start);
        return (offset, (int)Math.Min(window.Size - offset, end - position));
    }
}
