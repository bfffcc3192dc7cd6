using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Protocol.Clients;

/// <summary>
/// Keys that were rebuilt for a request that was refused, because another of its keys could not be had: hubs hand out a share for a moment only,
/// and the encryptor may ask for these alone at any time.
/// </summary>
/// <remarks>
/// Safe for concurrent use: one lock. Bounded in number and bytes, the oldest go first; each goes, zeroed, when its time is over. Owns its keys.
/// </remarks>
internal sealed class RebuiltKeys : IDisposable
{
    private readonly TimeSpan _time;
    private readonly int _maxKeys;
    private readonly long _maxBytes;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid KeyId, SaeId Master, SaeId Slave), LinkedListNode<Entry>> _keys = [];
    private readonly LinkedList<Entry> _order = new();
    private readonly ITimer _timer;
    private long _bytes;
    private bool _isDisposed;

    /// <summary>Keeps nothing yet.</summary>
    /// <param name="time">How long a key is kept.</param>
    /// <param name="maxKeys">The most keys.</param>
    /// <param name="maxBytes">The most bytes of keys.</param>
    /// <param name="clock">The clock.</param>
    public RebuiltKeys(TimeSpan time, int maxKeys, long maxBytes, TimeProvider clock)
    {
        (_time, _maxKeys, _maxBytes, _clock) = (time, maxKeys, maxBytes, clock);
        _timer = clock.CreateTimer(static kept => ((RebuiltKeys)kept!).RemoveExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _keys.Count;
            }
        }
    }

    /// <summary>Keeps a key, this collection's from now on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="master">The encryptor that made it.</param>
    /// <param name="slave">The encryptor that it is for.</param>
    /// <param name="until">When it goes, if it was here before: to ask for it again and again keeps it no longer.</param>
    public void Keep(DeliveredKey key, SaeId master, SaeId slave, DateTimeOffset? until = null)
    {
        lock (_lock)
        {
            var name = (key.KeyId, master, slave);
            if (_isDisposed || key.Key.Length > _maxBytes || _keys.ContainsKey(name))
            {
                key.Dispose();
                return;
            }

            var now = _clock.GetUtcNow();
            var entry = new Entry(key, master, slave, until ?? (now + _time));
            var before = _order.Last;
            while (before is not null && before.Value.Until > entry.Until)
            {
                before = before.Previous;
            }

            _keys[name] = before is null ? _order.AddFirst(entry) : _order.AddAfter(before, entry);
            _bytes += key.Key.Length;
            while (_keys.Count > _maxKeys || _bytes > _maxBytes)
            {
                Remove(_order.First!).Dispose();
            }

            SetTimer(now);
        }
    }

    /// <summary>Takes a key out.</summary>
    /// <returns>The key, which the caller disposes, and when it would have gone; nothing when it is not here.</returns>
    public (DeliveredKey Key, DateTimeOffset Until)? Take(Guid keyId, SaeId master, SaeId slave)
    {
        lock (_lock)
        {
            return _keys.TryGetValue((keyId, master, slave), out var node) ? (Remove(node), node.Value.Until) : null;
        }
    }

    /// <summary>Zeroes all keys.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            while (_order.First is { } first)
            {
                Remove(first).Dispose();
            }
        }
    }

    private void RemoveExpired()
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            while (_order.First is { } first && first.Value.Until <= now)
            {
                Remove(first).Dispose();
            }

            SetTimer(now);
        }
    }

    private void SetTimer(DateTimeOffset now)
    {
        if (_order.First is { } next && !_isDisposed)
        {
            _timer.Change(next.Value.Until > now ? next.Value.Until - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private DeliveredKey Remove(LinkedListNode<Entry> node)
    {
        var (key, master, slave, _) = node.Value;
        _order.Remove(node);
        _keys.Remove((key.KeyId, master, slave));
        _bytes -= key.Key.Length;
        return key;
    }

    private sealed record Entry(DeliveredKey Key, SaeId Master, SaeId Slave, DateTimeOffset Until);
}
