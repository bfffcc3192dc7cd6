using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>Remembers which key went to which encryptor, so that each gets it once (ETSI GS QKD 014 clause 5.4).</summary>
/// <remarks>Safe for concurrent use: one lock. Entries go after the tombstone time, when no hub can have the key any more.</remarks>
internal sealed class DeliveryLedger(TimeSpan tombstoneTime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(Guid Key, SaeId Slave)> _delivered = [];
    private readonly Queue<((Guid Key, SaeId Slave) Entry, DateTimeOffset Until)> _order = new();

    public bool Contains(Guid key, SaeId slave)
    {
        lock (_lock)
        {
            Forget();
            return _delivered.Contains((key, slave));
        }
    }

    /// <summary>Takes the tombstones of several keys: all or none. False when one of them was delivered before.</summary>
    public bool TryTake(IReadOnlyList<Guid> keys, SaeId slave)
    {
        lock (_lock)
        {
            Forget();
            if (keys.Any(key => _delivered.Contains((key, slave))))
            {
                return false;
            }

            var until = time.GetUtcNow() + tombstoneTime;
            foreach (var key in keys)
            {
                _delivered.Add((key, slave));
                _order.Enqueue(((key, slave), until));
            }

            return true;
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        while (_order.TryPeek(out var oldest) && oldest.Until <= now)
        {
            _delivered.Remove(_order.Dequeue().Entry);
        }
    }
}
