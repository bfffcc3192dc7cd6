namespace Dske.Protocol.Hubs;

/// <summary>What the store holds of one client, and what of it may go: shares that were delivered stay for repeats only, and make room for new ones.</summary>
/// <remarks>Guarded by the lock of <see cref="ShareStore"/>.</remarks>
internal sealed class ShareAccount
{
    private readonly LinkedList<StoredShare> _delivered = new();
    private int _count;
    private long _bytes;
    private long _deliveredBytes;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>How much waits for delivery.</summary>
    public (int Count, long Bytes) Waiting => (_count - _delivered.Count, _bytes - _deliveredBytes);

    /// <summary>Takes note of a share, which waits or was delivered before.</summary>
    public void Add(StoredShare share)
    {
        _count++;
        _bytes += share.Value.Length;
        if (share.Delivered)
        {
            NoteDelivered(share);
        }
    }

    /// <summary>Takes note that a share waits no more.</summary>
    public void NoteDelivered(StoredShare share)
    {
        share.PlaceAmongDelivered = _delivered.AddLast(share);
        _deliveredBytes += share.Value.Length;
    }

    /// <summary>A share goes.</summary>
    public void Remove(StoredShare share)
    {
        _count--;
        _bytes -= share.Value.Length;
        if (share.PlaceAmongDelivered is { } place)
        {
            _delivered.Remove(place);
            _deliveredBytes -= share.Value.Length;
            share.PlaceAmongDelivered = null;
        }
    }

    /// <summary>The share that was delivered first, when there is more than the limits allow; otherwise null.</summary>
    public StoredShare? FindSurplus(HubLimits limits)
        => _count > limits.MaxSharesPerClient || _bytes > limits.MaxShareBytesPerClient ? _delivered.First?.Value : null;
}
