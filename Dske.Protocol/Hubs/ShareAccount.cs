namespace Dske.Protocol.Hubs;

/// <summary>What the store holds of one client, and what of it may go: shares that were delivered stay for repeats only, and make room for new ones.</summary>
/// <remarks>Guarded by the lock of <see cref="ShareStore"/>.</remarks>
internal sealed class ShareAccount
{
    private readonly LinkedList<StoredShare> _delivered = new();
    private int _count;
    private long _bytes;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _count == 0;

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
    public void NoteDelivered(StoredShare share) => share.PlaceAmongDelivered = _delivered.AddLast(share);

    /// <summary>A share goes.</summary>
    public void Remove(StoredShare share)
    {
        _count--;
        _bytes -= share.Value.Length;
        if (share.PlaceAmongDelivered is { } place)
        {
            _delivered.Remove(place);
            share.PlaceAmongDelivered = null;
        }
    }

    /// <summary>Looks for what has to go so that more is within the limits: what was delivered first, and long enough ago.</summary>
    /// <param name="count">How many shares are to come.</param>
    /// <param name="bytes">How many bytes they have.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="now">The time.</param>
    /// <param name="posted">Shares that stay, by their keys: they were handed in again.</param>
    /// <returns>The shares that have to go, mostly none; null when too few of them may.</returns>
    public IReadOnlyList<StoredShare>? FindSurplus(int count, long bytes, HubLimits limits, DateTimeOffset now, IReadOnlyList<StoredShare> posted)
    {
        var (countOver, bytesOver) = (_count + count - limits.MaxSharesPerClient, _bytes + bytes - limits.MaxShareBytesPerClient);
        if (countOver <= 0 && bytesOver <= 0)
        {
            return [];
        }

        var surplus = new List<StoredShare>();
        for (var place = _delivered.First; place is not null && (countOver > 0 || bytesOver > 0); place = place.Next)
        {
            var share = place.Value;
            if (now - share.DeliveredAt < limits.LeastRepeatTime)
            {
                break;
            }

            if (!Holds(posted, share.KeyId))
            {
                surplus.Add(share);
                countOver--;
                bytesOver -= share.Value.Length;
            }
        }

        return countOver > 0 || bytesOver > 0 ? null : surplus;
    }

    private static bool Holds(IReadOnlyList<StoredShare> shares, Guid keyId)
    {
        for (var i = 0; i < shares.Count; i++)
        {
            if (shares[i].KeyId == keyId)
            {
                return true;
            }
        }

        return false;
    }
}
