using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>
/// The shares that wait at a hub, by posting client and key ID, until they were delivered (plus a window for repeats) or expire.
/// What leaves the store is erased.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards all state. Values are copied out under the lock.</remarks>
internal sealed class ShareStore : IDisposable
{
    private readonly IHubStateStore _state;
    private readonly HubLimits _limits;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<StoredShare>> _shares = [];
    private readonly Dictionary<NodeName, (int Count, long Bytes)> _usage = [];
    private readonly PriorityQueue<StoredShare, DateTimeOffset> _deadlines = new();
    private readonly Dictionary<Guid, AwaitedKey> _awaited = [];
    private int _held;

    public ShareStore(IHubStateStore state, HubLimits limits, TimeProvider time)
    {
        (_state, _limits, _time) = (state, limits, time);
        foreach (var record in state.LoadShares())
        {
            Enter(StoredShare.Of(record));
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
                return _usage.Values.Sum(usage => usage.Count);
            }
        }
    }

    /// <summary>
    /// Stores shares of one client, all or none, and takes over their values. Storing the same share again is as good as the first time. They can be
    /// fetched at once; the task ends when they would be there after a crash, too.
    /// </summary>
    /// <param name="shares">The shares, each of another key.</param>
    /// <returns>Null, or why not; the values are erased then.</returns>
    /// <exception cref="IOException">The storage failed: no share is kept that was not there before.</exception>
    public async ValueTask<DskeError?> AddAsync(params IReadOnlyList<StoredShare> shares)
    {
        List<StoredShare> added;
        List<Task> saved;
        List<AwaitedKey> awaited = [];
        lock (_lock)
        {
            RemoveExpired();
            if (Refusal(shares, out added, out saved) is { } error)
            {
                foreach (var share in shares)
                {
                    share.Value.Dispose();
                }

                return error;
            }

            foreach (var share in shares.Except(added))
            {
                share.Value.Dispose();
            }

            if (added.Count > 0)
            {
                var until = _time.GetUtcNow() + _limits.ShareTimeToLive;
                added.ForEach(share => share.ExpiresAt = until);
                added.ForEach(Enter);
                var saving = SaveAsync([.. added.Select(share => share.ToRecord())]);
                added.ForEach(share => share.Saved = saving);
                saved.Add(saving);
                awaited.AddRange(added.Select(share => _awaited.Remove(share.KeyId, out var key) ? key : null).OfType<AwaitedKey>());
            }
        }

        awaited.ForEach(key => key.Posted.TrySetResult());
        try
        {
            await Task.WhenAll(saved).ConfigureAwait(false);
            return null;
        }
        catch
        {
            lock (_lock)
            {
                added.FindAll(share => !share.Removed).ForEach(Remove);
            }

            throw;
        }
    }

    /// <summary>Looks a share up for the client that asks.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="master">The encryptor that is said to have made it.</param>
    /// <param name="slave">The encryptor that wants it.</param>
    /// <param name="client">The asking client, authenticated.</param>
    /// <param name="index">Which share it is.</param>
    /// <param name="value">A copy of the share, which the caller disposes; null unless the result is null.</param>
    /// <returns>Null, <see cref="DskeError.ShareUnknown"/> or <see cref="DskeError.ShareNotYours"/>.</returns>
    public DskeError? TryGet(Guid keyId, SaeId master, SaeId slave, NodeName client, out int index, out SecretBytes? value)
    {
        (index, value) = (-1, null);
        lock (_lock)
        {
            RemoveExpired();
            if (!_shares.TryGetValue(keyId, out var list))
            {
                return DskeError.ShareUnknown;
            }

            // Who was not designated learns no more than that; who was, but names another master, does not know this key.
            var designated = list.FindAll(share => share.IsFor(slave, client));
            if (designated.Count == 0)
            {
                return DskeError.ShareNotYours;
            }

            var found = designated.Find(share => share.Master == master);
            if (found is null)
            {
                return DskeError.ShareUnknown;
            }

            (index, value) = (found.Index, found.Value.Clone());
            return null;
        }
    }

    /// <summary>Notes that a share was handed out: once all have it that it is for it stays for repeats, then it goes.</summary>
    public void MarkDelivered(Guid keyId, SaeId master, SaeId slave, NodeName client)
    {
        lock (_lock)
        {
            var share = _shares.GetValueOrDefault(keyId)?.Find(share => share.Master == master && share.IsFor(slave, client));
            if (share?.NoteDelivery(slave) == true)
            {
                var until = _time.GetUtcNow() + _limits.RepeatWindow;
                if (share.Delivered && until < share.ExpiresAt)
                {
                    share.ExpiresAt = until;
                    _deadlines.Enqueue(share, until);
                }

                _state.UpdateShare(share.ToRecord());
            }
        }
    }

    /// <summary>The first of some keys of which there is no share; null when there is one of each.</summary>
    public Guid? FindMissing(IReadOnlyList<Guid> keyIds)
    {
        lock (_lock)
        {
            foreach (var keyId in keyIds)
            {
                if (!_shares.ContainsKey(keyId))
                {
                    return keyId;
                }
            }

            return null;
        }
    }

    /// <summary>Waits until a share of this key is posted, or the hold time is over, or too many requests wait already.</summary>
    public async ValueTask WaitForAsync(Guid keyId, CancellationToken cancellationToken)
    {
        AwaitedKey? awaited;
        lock (_lock)
        {
            if (_held >= _limits.MaxHeldRequests || _shares.ContainsKey(keyId))
            {
                return;
            }

            if (!_awaited.TryGetValue(keyId, out awaited))
            {
                _awaited[keyId] = awaited = new AwaitedKey();
            }

            awaited.Waiting++;
            _held++;
        }

        try
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(awaited.Posted.Task, Task.Delay(_limits.HoldTime, _time, timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _held--;

                // The last one to give up takes the entry along, so that unknown keys leave nothing behind.
                if (--awaited.Waiting == 0 && _awaited.GetValueOrDefault(keyId) == awaited)
                {
                    _awaited.Remove(keyId);
                }
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
            _usage.Clear();
            _deadlines.Clear();
        }
    }

    private DskeError? Refusal(IReadOnlyList<StoredShare> shares, out List<StoredShare> added, out List<Task> saved)
    {
        (added, saved) = ([], []);
        long bytes = 0;
        foreach (var share in shares)
        {
            var stored = _shares.GetValueOrDefault(share.KeyId)?.Find(other => other.PostedBy == share.PostedBy);
            if (stored is null)
            {
                added.Add(share);
                bytes += share.Value.Length;
            }
            else if (stored.IsSameAs(share))
            {
                saved.Add(stored.Saved);
            }
            else
            {
                return DskeError.ShareConflict;
            }
        }

        if (added.Count == 0)
        {
            return null;
        }

        var usage = _usage.GetValueOrDefault(added[0].PostedBy);
        return usage.Count + added.Count > _limits.MaxSharesPerClient || usage.Bytes + bytes > _limits.MaxShareBytesPerClient ? DskeError.ShareLimitReached : null;
    }

    private void Enter(StoredShare share)
    {
        if (!_shares.TryGetValue(share.KeyId, out var list))
        {
            _shares[share.KeyId] = list = new List<StoredShare>(1);
        }

        list.Add(share);
        var (count, bytes) = _usage.GetValueOrDefault(share.PostedBy);
        _usage[share.PostedBy] = (count + 1, bytes + share.Value.Length);
        _deadlines.Enqueue(share, share.ExpiresAt);
    }

    /// <summary>Whatever goes wrong is the task's, not that of the caller, who holds the lock.</summary>
    private async Task SaveAsync(IReadOnlyList<ShareRecord> records) => await _state.SaveSharesAsync(records).ConfigureAwait(false);

    private void RemoveExpired()
    {
        var now = _time.GetUtcNow();
        while (_deadlines.TryPeek(out var share, out var deadline) && deadline <= now)
        {
            _deadlines.Dequeue();
            if (!share.Removed && share.ExpiresAt <= now)
            {
                Remove(share);
            }
        }
    }

    private void Remove(StoredShare share)
    {
        share.Removed = true;
        var list = _shares[share.KeyId];
        list.Remove(share);
        if (list.Count == 0)
        {
            _shares.Remove(share.KeyId);
        }

        var (count, bytes) = _usage[share.PostedBy];
        if (count == 1)
        {
            _usage.Remove(share.PostedBy);
        }
        else
        {
            _usage[share.PostedBy] = (count - 1, bytes - share.Value.Length);
        }

        _state.RemoveShare(share.ToRecord());
        share.Value.Dispose();
    }

    private sealed class AwaitedKey
    {
        public TaskCompletionSource Posted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
