using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>What a client knows of its hubs, and the couriered files that it has read, in <c>psrd.db</c>. Safe for concurrent use.</summary>
internal sealed class SqliteLinkLedger(Database database)
{
    private readonly Statement _loadLink = database.Prepare("SELECT instance, was_native, enrolled, courier FROM link WHERE hub = $1");

    private readonly Statement _saveLink = database.Prepare(
        "INSERT OR REPLACE INTO link (hub, instance, was_native, enrolled, courier) VALUES ($1, $2, $3, $4, $5)");

    private readonly Statement _load = database.Prepare("SELECT file, hub, imported_at, complete FROM import");

    private readonly Statement _loadBlocks = database.Prepare("SELECT owner, uuid, size FROM import_block WHERE file = $1 ORDER BY place");

    private readonly Statement _save = database.Prepare(
        "INSERT INTO import (file, hub, imported_at, complete) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT (file) DO UPDATE SET imported_at = $3, complete = $4");

    private readonly Statement _saveBlock = database.Prepare(
        "INSERT OR REPLACE INTO import_block (file, place, owner, uuid, size) VALUES ($1, $2, $3, $4, $5)");

    private readonly Statement _dropBlocks = database.Prepare("DELETE FROM import_block WHERE file = $1");

    private readonly Statement _drop = database.Prepare("DELETE FROM import WHERE file = $1");

    public LinkRecord? LoadLink(NodeName hub) => database.Run(() => _loadLink
        .Query(row => new LinkRecord(hub, row.GetOptionalUuid(0), row.GetBoolean(1), row.GetBoolean(2), row.GetOptionalUuid(3)), hub.Value)
        .FirstOrDefault());

    public void Save(LinkRecord link) => database.Run(() => Write(link));

    public IReadOnlyList<ImportRecord> LoadImports() => database.Run(() => (IReadOnlyList<ImportRecord>)
    [
        .. _load
            .Query(row => new ImportRecord(row.GetUuid(0), NodeName.Parse(row.GetString(1)), row.GetTime(2), row.GetBoolean(3), []))
            .Select(import => import with
            {
                Blocks = _loadBlocks.Query(block => new CourieredBlock((PoolOwner)block.GetInt32(0), block.GetUuid(1), block.GetInt64(2)), import.File),
            }),
    ]);

    public void Save(ImportRecord import, LinkRecord? link) => database.Transact(() =>
    {
        _save.Execute(import.File, import.Hub.Value, import.ImportedAt, import.IsComplete);
        foreach (var (place, block) in import.Blocks.Index())
        {
            _saveBlock.Execute(import.File, place, (long)block.Owner, block.Id, block.Size);
        }

        if (link is not null)
        {
            Write(link);
        }
    });

    public void RemoveImport(Guid file) => database.Transact(() =>
    {
        _dropBlocks.Execute(file);
        _drop.Execute(file);
    });

    private void Write(LinkRecord link) => _saveLink.Execute(link.Hub.Value, link.HubInstance, link.WasNative, link.Enrolled, link.Courier);
}
