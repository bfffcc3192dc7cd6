using System.Runtime.InteropServices;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Protocol.Hubs;

/// <summary>
/// The shares that wait at a hub, by posting client and key ID, until they were delivered (plus a window for repeats) or expire.
/// What leaves the store is erased.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state. Values are copied out under the lock.</remarks>
internal sealed partial class ShareStore : IDisposable
{
    private readonly IHubStateStore _state;
    private readonly HubLimits _limits;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<StoredShare>> _shares = [];
    private readonly Dictionary<NodeName, ShareAccount> _accounts = [];

    // Those that expire with their time to live, and those whose window for repeats ends before that.
    private readonly DeadlineQueue _waiting = new();
    private readonly DeadlineQueue _delivered = new();

    public ShareStore(IHubStateStore state, HubLimits limits, TimeProvider time)
    {
        (_state, _limits, _time) = (state, limits, time);

        // Sorted, each has its place at the end of its queue; and what was delivered first expires first, too.
        foreach (var record in state.LoadShares().OrderBy(record => record.ExpiresAt))
        {
            var share = StoredShare.Of(record);
            share.DeliveredAt = share.ExpiresAt - limits.RepeatWindow;
            Enter(share);
        }

        RemoveExpired();
    }

    /// <summary>The number of shares held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _delivered.Count;
            }
        }
    }

    /// <summary>Erases what expired.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            RemoveExpired();
        }
    }

    /// <summary>The shares held, at most <paramref name="most"/> of them.</summary>
    public IReadOnlyList<ShareStatus> GetStatus(int most)
    {
        lock (_lock)
        {
            RemoveExpired();
            return [.. _shares.Values.SelectMany(list => list).Take(most).Select(share => new ShareStatus(
                share.PostedBy,
                share.KeyId,
                share.Master,
                [.. share.Recipients.Select(recipient => recipient.Slave)],
                share.Index,
                share.Value.Length,
                share.Delivered,
                share.ExpiresAt))];
        }
    }

    /// <summary>Erases everything here; what is kept durably stays.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var share in _shares.Values.SelectMany(list => list))
            {
                share.Value.Dispose();
            }

            _shares.Clear();
            _accounts.Clear();
            _waiting.Clear();
            _delivered.Clear();
        }
    }

    private void Enter(StoredShare share)
    {
        (CollectionsMarshal.GetValueRefOrAddDefault(_shares, share.KeyId, out _) ??= new List<StoredShare>(1)).Add(share);
        (CollectionsMarshal.GetValueRefOrAddDefault(_accounts, share.PostedBy, out _) ??= new ShareAccount()).Add(share);
        (share.Delivered ? _delivered : _waiting).Add(share);
    }

    private void RemoveExpired()
    {
        var now = _time.GetUtcNow();
        while (_waiting.TryPeekExpired(now, out var share) || _delivered.TryPeekExpired(now, out share))
        {
            Remove(share);
        }
    }

    private void Remove(StoredShare share)
    {
        var list = _shares[share.KeyId];
        list.Remove(share);
        if (list.Count == 0)
        {
            _shares.Remove(share.KeyId);
        }

        var account = _accounts[share.PostedBy];
        account.Remove(share);
        if (account.IsEmpty)
        {
            _accounts.Remove(share.PostedBy);
        }

        _ = _waiting.Remove(share) || _delivered.Remove(share);
        _state.RemoveShare(share.ToRecord());
        share.Value.Dispose();
    }
}
