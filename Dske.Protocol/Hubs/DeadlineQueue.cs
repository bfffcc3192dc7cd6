using System.Diagnostics.CodeAnalysis;

namespace Dske.Protocol.Hubs;

/// <summary>Shares in the order in which they expire. Every share is in at most one queue, and knows its place there.</summary>
/// <remarks>
/// Shares of one queue live equally long, so that a new one belongs right behind the one that was added before it. Only the first one after the
/// clock was set takes a search. Removal is immediate and leaves nothing behind. Guarded by the lock of <see cref="ShareStore"/>.
/// </remarks>
internal sealed class DeadlineQueue
{
    private readonly LinkedList<StoredShare> _shares = new();

    // Where the search for a place begins: the one added last, or its neighbour once that one is gone.
    private LinkedListNode<StoredShare>? _last;

    /// <summary>The number of shares.</summary>
    public int Count => _shares.Count;

    /// <summary>Adds a share that is in no queue, by its <see cref="StoredShare.ExpiresAt"/>, which stays as it is for as long as it is here.</summary>
    public void Add(StoredShare share)
    {
        var before = _last;
        while (before is not null && before.Value.ExpiresAt > share.ExpiresAt)
        {
            before = before.Previous;
        }

        while (before?.Next is { } next && next.Value.ExpiresAt <= share.ExpiresAt)
        {
            before = next;
        }

        if (before is null)
        {
            _shares.AddFirst(share.Place);
        }
        else
        {
            _shares.AddAfter(before, share.Place);
        }

        _last = share.Place;
    }

    /// <summary>Takes a share out; false when it is not in this queue.</summary>
    public bool Remove(StoredShare share)
    {
        var place = share.Place;
        if (place.List != _shares)
        {
            return false;
        }

        if (_last == place)
        {
            _last = place.Previous ?? place.Next;
        }

        _shares.Remove(place);
        return true;
    }

    /// <summary>The share that expires first, when its time has come.</summary>
    public bool TryPeekExpired(DateTimeOffset now, [NotNullWhen(true)] out StoredShare? share)
    {
        share = _shares.First?.Value;
        return share?.ExpiresAt <= now;
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _shares.Clear();
        _last = null;
    }
}
