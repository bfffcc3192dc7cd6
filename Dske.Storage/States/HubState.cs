using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage.Files;

namespace Dske.Storage.States;

/// <summary>A hub's state on disk. Safe for concurrent use.</summary>
internal sealed class HubState : IHubStateStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(NodeName PostedBy, Guid KeyId), int> _slots = [];
    private readonly IHubLedger _ledger;
    private readonly IEntropySource _entropy;
    private readonly ShareKeys _keys;
    private readonly WriteQueue<HubChange> _queue;

    /// <summary>Opens the state: a share whose key is gone is forgotten, and a key without a share is erased.</summary>
    /// <param name="files">The node's directory, for the keys of shares.</param>
    /// <param name="ledger">The database.</param>
    /// <param name="instance">The instance, which every share is bound to.</param>
    /// <param name="entropy">Where the keys of shares are drawn from.</param>
    /// <param name="time">Times retries after storage failed.</param>
    /// <exception cref="StorageException">Storage failed, or the keys and the database do not belong together.</exception>
    public HubState(IStorageFiles files, IHubLedger ledger, Guid instance, IEntropySource entropy, TimeProvider time)
    {
        _ledger = ledger;
        _entropy = entropy;
        Instance = instance;
        var rows = ledger.LoadShares();
        _keys = ShareKeys.Open(files, rows.Select(row => row.Slot).ToHashSet());
        try
        {
            Recover(rows);
        }
        catch
        {
            _keys.Dispose();
            throw;
        }

        _queue = new WriteQueue<HubChange>(Write, GiveUp, time);
    }

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => _ledger.LoadRegistrations();

    /// <inheritdoc />
    public void SaveRegistration(RegistrationRecord registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var copy = registration with { Encryptors = [.. registration.Encryptors] };
        _queue.AddAsync(new HubChange.Register(copy)).GetAwaiter().GetResult();
    }

    /// <inheritdoc />
    public IReadOnlyList<ShareRecord> LoadShares()
    {
        // What was added before is written first.
        _queue.AddAsync().GetAwaiter().GetResult();
        return [.. _ledger.LoadShares().Select(Open).OfType<ShareRecord>()];
    }

    /// <inheritdoc />
    public Task SaveShareAsync(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var key = _entropy.NextSecret(ShareSeal.KeySize);
        var slot = _keys.Take();
        var name = (share.PostedBy, share.KeyId);
        var row = new ShareRow(
            share.PostedBy,
            share.KeyId,
            share.Master,
            share.Slave,
            share.SlaveClient,
            share.Index,
            slot,
            ShareSeal.Seal(key.Span, Instance, share),
            share.ExpiresAt,
            share.Delivered);
        using (_lock.EnterScope())
        {
            if (_slots.Remove(name, out var replaced))
            {
                _queue.Add(new HubChange.Delete(replaced));
            }

            var saved = _queue.AddAsync(new HubChange.Insert(row, key));
            _slots[name] = slot;
            return saved;
        }
    }

    /// <inheritdoc />
    public void UpdateShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        using (_lock.EnterScope())
        {
            if (_slots.TryGetValue((share.PostedBy, share.KeyId), out var slot))
            {
                _queue.Add(new HubChange.Update(slot, share.ExpiresAt, share.Delivered));
            }
        }
    }

    /// <inheritdoc />
    public void RemoveShare(ShareRecord share)
    {
        ArgumentNullException.ThrowIfNull(share);
        using (_lock.EnterScope())
        {
            if (_slots.Remove((share.PostedBy, share.KeyId), out var slot))
            {
                _queue.Add(new HubChange.Delete(slot));
            }
        }
    }

    /// <summary>Writes what waits and closes the file of keys.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _keys.Dispose();
    }

    private void Recover(IReadOnlyList<ShareRow> rows)
    {
        var gone = new List<HubChange>();
        foreach (var row in rows)
        {
            using var key = new SecretBytes(ShareSeal.KeySize);
            if (!_keys.TryRead(row.Slot, key.Span))
            {
                gone.Add(new HubChange.Delete(row.Slot));
                continue;
            }

            var share = ShareSeal.Open(key.Span, Instance, row) ?? throw new StorageException(
                _keys.Path,
                $"The keys do not fit the shares in {HubDatabase.FileName}.",
                $"Put both files back as they were, or delete {HubDatabase.FileName} and {ShareKeys.FileName}: clients register again by themselves.");
            share.Value.Dispose();
            if (!_slots.TryAdd((row.PostedBy, row.KeyId), row.Slot))
            {
                throw new StorageException(
                    _keys.Path,
                    $"{HubDatabase.FileName} holds two shares of key {row.KeyId}.",
                    $"Put the data directory back as it was, or delete {HubDatabase.FileName} and {ShareKeys.FileName}: clients register again by themselves.");
            }
        }

        if (gone.Count > 0)
        {
            _ledger.Commit(gone);
            gone.OfType<HubChange.Delete>().ToList().ForEach(change => _keys.Release(change.Slot));
        }
    }

    private ShareRecord? Open(ShareRow row)
    {
        using var key = new SecretBytes(ShareSeal.KeySize);

        // A share that is being removed right now has no key any more.
        return _keys.TryRead(row.Slot, key.Span) ? ShareSeal.Open(key.Span, Instance, row) : null;
    }

    /// <summary>
    /// Keys first, then the database. A stop in between leaves keys that no share has, which the next start erases, or shares without a key,
    /// which it forgets.
    /// </summary>
    private void Write(IReadOnlyList<HubChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var keysChanged = false;
        foreach (var change in changes)
        {
            if (change is HubChange.Insert insert)
            {
                _keys.Write(insert.Share.Slot, insert.Key.Span);
                keysChanged = true;
            }
            else if (change is HubChange.Delete delete)
            {
                _keys.Erase(delete.Slot);
                keysChanged = true;
            }
        }

        if (keysChanged)
        {
            _keys.Flush();
        }

        _ledger.Commit(changes);
        foreach (var change in changes)
        {
            if (change is HubChange.Insert insert)
            {
                insert.Key.Dispose();
            }
            else if (change is HubChange.Delete delete)
            {
                _keys.Release(delete.Slot);
            }
        }
    }

    /// <summary>
    /// Takes back a share that could not be saved: its key may have become durable. The removal is tried again until it succeeds.
    /// </summary>
    private void GiveUp(HubChange change)
    {
        if (change is not HubChange.Insert { Share: var share, Key: var key })
        {
            return;
        }

        key.Dispose();
        using (_lock.EnterScope())
        {
            var name = (share.PostedBy, share.KeyId);
            if (!_slots.TryGetValue(name, out var slot) || slot != share.Slot)
            {
                // It was removed meanwhile: that removal waits already, and a slot is given back once.
                return;
            }

            _slots.Remove(name);
        }

        try
        {
            _queue.Add(new HubChange.Delete(share.Slot));
        }
        catch (ObjectDisposedException)
        {
            // The next start erases the key.
        }
    }
}
