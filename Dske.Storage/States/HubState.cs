using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.Files;
using Dske.Storage.Records;

namespace Dske.Storage.States;

/// <summary>A hub's state on disk: registrations in a database, shares as records that are erased in place. Safe for concurrent use.</summary>
internal sealed class HubState : IHubStateStore, IDisposable
{
    /// <summary>The file of the shares.</summary>
    public const string FileName = "shares";

    private readonly Lock _lock = new();
    private readonly Dictionary<(NodeName PostedBy, Guid KeyId), int> _slots = [];
    private readonly IHubLedger _ledger;
    private readonly RecordStore _shares;

    /// <summary>Opens the state.</summary>
    /// <param name="files">The node's directory, with the file of the shares.</param>
    /// <param name="ledger">The database.</param>
    /// <param name="instance">The instance, which the shares belong to.</param>
    /// <param name="time">Times what waits for company, and retries after storage failed.</param>
    /// <exception cref="StorageException">Storage failed, or files do not belong together.</exception>
    public HubState(IStorageFiles files, IHubLedger ledger, Guid instance, TimeProvider time)
    {
        _ledger = ledger;
        Instance = instance;
        var superseded = new List<int>();
        _shares = new RecordStore(
            files,
            FileName,
            instance,
            (slot, state, content) =>
            {
                var share = ShareContent.Read(content, state);
                share.Value.Dispose();
                if (!_slots.TryAdd((share.PostedBy, share.KeyId), slot))
                {
                    // A stop came between a share and the removal of the one that it replaced: of both one is left, as if it had come sooner.
                    superseded.Add(slot);
                }
            },
            time);
        superseded.ForEach(_shares.Remove);
    }

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => _ledger.LoadRegistrations();

    /// <inheritdoc />
    public void SaveRegistration(RegistrationRecord registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        _ledger.Save(registration);
    }

    /// <inheritdoc />
    public IReadOnlyList<ExportRecord> LoadExports() => _ledger.LoadExports();

    /// <inheritdoc />
    public void SaveExport(ExportRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _ledger.Save(record);
    }

    /// <inheritdoc />
    public void RemoveExport(Guid file) => _ledger.RemoveExport(file);

    /// <inheritdoc />
    public IReadOnlyList<ShareRecord> LoadShares()
    {
        // What was added before is written first.
        _shares.Settle();
        int[] slots;
        using (_lock.EnterScope())
        {
            slots = [.. _slots.Values];
        }

        return [.. slots.Select(Load).OfType<ShareRecord>()];
    }

    /// <inheritdoc />
    public async Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (shares.Count == 0)
        {
            return;
        }

        var names = shares.Select(share => (share.PostedBy, share.KeyId)).ToList();
        IReadOnlyList<int> slots;
        Task saved;
        using (_lock.EnterScope())
        {
            foreach (var name in names)
            {
                if (_slots.Remove(name, out var replaced))
                {
                    _shares.Remove(replaced);
                }
            }

            (slots, saved) = _shares.SaveAsync([.. shares.Select(share => (ShareContent.StateOf(share), ShareContent.Write(share)))]);
            for (var i = 0; i < names.Count; i++)
            {
                _slots[names[i]] = slots[i];
            }
        }

        try
        {
            await saved.ConfigureAwait(false);
        }
        catch
        {
            // Some may have become durable all the same.
            for (var i = 0; i < names.Count; i++)
            {
                Remove(names[i], slots[i]);
            }

            throw;
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
                _shares.Update(slot, ShareContent.StateOf(share));
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
                _shares.Remove(slot);
            }
        }
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public void Dispose() => _shares.Dispose();

    private ShareRecord? Load(int slot)
    {
        // One that is being removed right now is none any more.
        using var content = _shares.Read(slot, out var state);
        return content is null ? null : ShareContent.Read(content.Span, state);
    }

    private void Remove((NodeName PostedBy, Guid KeyId) name, int slot)
    {
        using (_lock.EnterScope())
        {
            if (!_slots.TryGetValue(name, out var present) || present != slot)
            {
                // Somebody removed it meanwhile, or put another one in its place.
                return;
            }

            _slots.Remove(name);
            try
            {
                _shares.Remove(slot);
            }
            catch (ObjectDisposedException)
            {
                // It was never acknowledged: should it be there after the next start, it goes when its time is over.
            }
        }
    }
}
