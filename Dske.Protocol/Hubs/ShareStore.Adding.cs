using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Protocol.Hubs;

/// <summary>How shares get in.</summary>
internal sealed partial class ShareStore
{
    /// <summary>
    /// Stores shares of one client, all or none, and takes over their values. Storing the same share again is as good as the first time. They can be
    /// fetched at once; the task ends when they would be there after a crash, too. The client's shares that were delivered some time ago make room for
    /// them, in the order of their delivery, also when they cannot be stored then.
    /// </summary>
    /// <param name="shares">The shares, each of another key.</param>
    /// <returns>Null, or why not; the values are erased then.</returns>
    /// <exception cref="IOException">The storage failed: no share is kept that was not there before.</exception>
    public ValueTask<DskeError?> AddAsync(params IReadOnlyList<StoredShare> shares)
    {
        Task saved;
        lock (_lock)
        {
            RemoveExpired();
            if (Refusal(shares, out var added, out var surplus) is { } error)
            {
                for (var i = 0; i < shares.Count; i++)
                {
                    shares[i].Value.Dispose();
                }

                return ValueTask.FromResult<DskeError?>(error);
            }

            foreach (var share in surplus)
            {
                Remove(share);
            }

            saved = Add(shares, added);
        }

        return saved.IsCompletedSuccessfully ? default : UntilSavedAsync(shares, saved);
    }

    /// <summary>Looks at all of them before any is added, and changes nothing.</summary>
    private DskeError? Refusal(IReadOnlyList<StoredShare> shares, out int added, out IReadOnlyList<StoredShare> surplus)
    {
        added = 0;
        surplus = [];
        long bytes = 0;
        for (var i = 0; i < shares.Count; i++)
        {
            var stored = Find(shares[i].KeyId, shares[i].PostedBy);
            if (stored is null)
            {
                added++;
                bytes += shares[i].Value.Length;
            }
            else if (!stored.IsSameAs(shares[i]))
            {
                return DskeError.ShareConflict;
            }
        }

        if (added == 0)
        {
            return null;
        }

        var account = _accounts.GetValueOrDefault(shares[0].PostedBy) ?? new ShareAccount();
        var again = added == shares.Count ? [] : shares;
        if (account.FindSurplus(added, bytes, _limits, _time.GetUtcNow(), again) is not { } found)
        {
            return DskeError.ShareLimitReached;
        }

        surplus = found;
        return null;
    }

    /// <summary>Enters those that are not here yet.</summary>
    /// <returns>Ends when all of them are stored durably, also those that were here before.</returns>
    private Task Add(IReadOnlyList<StoredShare> shares, int added)
    {
        var saved = Task.CompletedTask;
        var until = _time.GetUtcNow() + _limits.ShareTimeToLive;
        var records = added > 0 ? new ShareRecord[added] : [];
        var next = 0;
        for (var i = 0; i < shares.Count; i++)
        {
            var share = shares[i];
            if (Find(share.KeyId, share.PostedBy) is { } stored)
            {
                share.Value.Dispose();
                saved = Both(saved, stored.Saved);
                continue;
            }

            share.ExpiresAt = until;
            Enter(share);
            records[next++] = share.ToRecord();
            EndWaiting(share.KeyId);
        }

        if (added == 0)
        {
            return saved;
        }

        var saving = SaveAsync(records);
        for (var i = 0; i < shares.Count; i++)
        {
            shares[i].Saved = saving;
        }

        return Both(saved, saving);
    }

    /// <summary>Whatever goes wrong is the task's, not that of the caller, who holds the lock.</summary>
    private async Task SaveAsync(IReadOnlyList<ShareRecord> records) => await _state.SaveSharesAsync(records).ConfigureAwait(false);

    private async ValueTask<DskeError?> UntilSavedAsync(IReadOnlyList<StoredShare> shares, Task saved)
    {
        try
        {
            await saved.ConfigureAwait(false);
            return null;
        }
        catch
        {
            lock (_lock)
            {
                // Those that were here before are other objects, and stay.
                for (var i = 0; i < shares.Count; i++)
                {
                    if (shares[i].IsHeld)
                    {
                        Remove(shares[i]);
                    }
                }
            }

            throw;
        }
    }

    private static Task Both(Task one, Task other)
        => one.IsCompletedSuccessfully || one == other ? other : other.IsCompletedSuccessfully ? one : Task.WhenAll(one, other);

    private StoredShare? Find(Guid keyId, NodeName postedBy)
    {
        if (_shares.TryGetValue(keyId, out var list))
        {
            foreach (var share in list)
            {
                if (share.PostedBy == postedBy)
                {
                    return share;
                }
            }
        }

        return null;
    }
}
