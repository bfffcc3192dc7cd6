using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Protocol.Clients;

/// <summary>
/// Remembers which key went to which encryptor, over a crash too, so that each gets it once (ETSI GS QKD 014 clause 5.4).
/// </summary>
/// <remarks>Safe for concurrent use: one lock. Entries go after the tombstone time, when no hub can have the key any more.</remarks>
internal sealed class DeliveryLedger
{
    private readonly IClientStateStore _state;
    private readonly TimeSpan _tombstoneTime;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HashSet<(Guid Key, SaeId Slave)> _delivered = [];
    private readonly Queue<((Guid Key, SaeId Slave) Entry, DateTimeOffset Until)> _order = new();

    public DeliveryLedger(IClientStateStore state, TimeSpan tombstoneTime, TimeProvider time)
    {
        (_state, _tombstoneTime, _time) = (state, tombstoneTime, time);
        foreach (var tombstone in state.LoadTombstones().OrderBy(tombstone => tombstone.Until))
        {
            _delivered.Add((tombstone.KeyId, tombstone.Slave));
            _order.Enqueue(((tombstone.KeyId, tombstone.Slave), tombstone.Until));
        }
    }

    public bool Contains(Guid key, SaeId slave)
    {
        lock (_lock)
        {
            Forget();
            return _delivered.Contains((key, slave));
        }
    }

    /// <summary>
    /// Takes the tombstones of several keys, durably: all or none. False when one of them was delivered before.
    /// </summary>
    /// <exception cref="IOException">The storage failed: no tombstone was taken, and nothing may be delivered.</exception>
    public async ValueTask<bool> TryTakeAsync(IReadOnlyList<Guid> keys, SaeId slave)
    {
        var until = _time.GetUtcNow() + _tombstoneTime;
        lock (_lock)
        {
            Forget();
            if (keys.Any(key => _delivered.Contains((key, slave))))
            {
                return false;
            }

            _delivered.UnionWith(keys.Select(key => (key, slave)));
        }

        try
        {
            await _state.SaveTombstonesAsync([.. keys.Select(key => new TombstoneRecord(key, slave, until))]).ConfigureAwait(false);
        }
        catch (IOException)
        {
            lock (_lock)
            {
                _delivered.ExceptWith(keys.Select(key => (key, slave)));
            }

            throw;
        }

        lock (_lock)
        {
            foreach (var key in keys)
            {
                _order.Enqueue(((key, slave), until));
            }
        }

        return true;
    }

    private void Forget()
    {
        var now = _time.GetUtcNow();
        var isAny = false;
        while (_order.TryPeek(out var oldest) && oldest.Until <= now)
        {
            isAny |= _delivered.Remove(_order.Dequeue().Entry);
        }

        if (isAny)
        {
            _state.RemoveTombstones(now);
        }
    }
}
