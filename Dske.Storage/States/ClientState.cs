using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>
/// A client's state on disk. What it knows of its hubs lies beside the books of the PSRD, since the two belong together; tombstones come with
/// every key and have a database of their own. Safe for concurrent use.
/// </summary>
internal sealed class ClientState : IClientStateStore, IDisposable
{
    private readonly Database _psrd;
    private readonly Database _state;
    private readonly Statement _loadLink;
    private readonly Statement _saveLink;
    private readonly Statement _load;
    private readonly Statement _save;
    private readonly Statement _forget;
    private readonly WriteQueue<TombstoneChange> _queue;

    /// <summary>Opens the state.</summary>
    /// <param name="psrd">The database with the books of the PSRD; stays the caller's.</param>
    /// <param name="state">The database with the tombstones; stays the caller's.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="time">Times retries after storage failed.</param>
    public ClientState(Database psrd, Database state, Guid instance, TimeProvider time)
    {
        _psrd = psrd;
        _state = state;
        Instance = instance;
        _loadLink = psrd.Prepare("SELECT instance, was_native, enrolled FROM link WHERE hub = $1");
        _saveLink = psrd.Prepare("INSERT OR REPLACE INTO link (hub, instance, was_native, enrolled) VALUES ($1, $2, $3, $4)");
        _load = state.Prepare("SELECT key_id, slave, max(until) FROM tombstone GROUP BY key_id, slave");
        _save = state.Prepare("INSERT INTO tombstone (key_id, slave, until) VALUES ($1, $2, $3)");
        _forget = state.Prepare("DELETE FROM tombstone WHERE until <= $1");
        _queue = new WriteQueue<TombstoneChange>(Write, static _ => { }, time);
    }

    /// <inheritdoc />
    public Guid Instance { get; }

    /// <inheritdoc />
    public LinkRecord? LoadLink(NodeName hub) => _psrd.Run(() => _loadLink
        .Query(row => new LinkRecord(hub, row.GetOptionalUuid(0), row.GetBoolean(1), row.GetBoolean(2)), hub.Value)
        .FirstOrDefault());

    /// <inheritdoc />
    public void SaveLink(LinkRecord link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _psrd.Run(() => _saveLink.Execute(link.Hub.Value, link.HubInstance, link.WasNative, link.Enrolled));
    }

    /// <inheritdoc />
    public IReadOnlyList<TombstoneRecord> LoadTombstones()
    {
        // What was added before is written first.
        _queue.AddAsync().GetAwaiter().GetResult();
        return _state.Run(() => _load.Query(row => new TombstoneRecord(row.GetUuid(0), SaeId.Parse(row.GetString(1)), row.GetTime(2))));
    }

    /// <inheritdoc />
    public Task SaveTombstonesAsync(IReadOnlyList<TombstoneRecord> tombstones)
    {
        ArgumentNullException.ThrowIfNull(tombstones);
        return tombstones.Count == 0
            ? Task.CompletedTask
            : _queue.AddAsync([.. tombstones.Select(tombstone => new TombstoneChange.Save(tombstone))]);
    }

    /// <inheritdoc />
    public void RemoveTombstones(DateTimeOffset now) => _queue.Add(new TombstoneChange.Forget(now));

    /// <summary>Writes what waits.</summary>
    public void Dispose() => _queue.Dispose();

    private void Write(IReadOnlyList<TombstoneChange> changes)
    {
        if (changes.Count > 0)
        {
            _state.Transact(() => Apply(changes));
        }
    }

    private void Apply(IReadOnlyList<TombstoneChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case TombstoneChange.Save { Tombstone: var tombstone }:
                    _save.Execute(tombstone.KeyId, tombstone.Slave.Value, tombstone.Until);
                    break;
                case TombstoneChange.Forget { Now: var now }:
                    _forget.Execute(now);
                    break;
            }
        }
    }
}
