using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>A hub's registrations and exports in <c>state.db</c>.</summary>
internal sealed class SqliteHubLedger(Database database) : IHubLedger
{
    private readonly Statement _loadRegistrations = database.Prepare("SELECT client, instance, enrolled, courier FROM registration ORDER BY client");

    private readonly Statement _loadEncryptors = database.Prepare("SELECT sae FROM encryptor WHERE client = $1 ORDER BY place");

    private readonly Statement _register = database.Prepare(
        "INSERT INTO registration (client, instance, enrolled, courier) VALUES ($1, $2, $3, $4) "
        + "ON CONFLICT (client) DO UPDATE SET instance = $2, enrolled = $3, courier = $4");

    private readonly Statement _dropEncryptors = database.Prepare("DELETE FROM encryptor WHERE client = $1");

    private readonly Statement _addEncryptor = database.Prepare("INSERT INTO encryptor (client, place, sae) VALUES ($1, $2, $3)");

    private readonly Statement _loadExports = database.Prepare("SELECT file, client, enrols, instance, made_at, complete FROM export ORDER BY number");

    private readonly Statement _loadExportEncryptors = database.Prepare("SELECT sae FROM export_encryptor WHERE file = $1 ORDER BY place");

    private readonly Statement _loadExportBlocks = database.Prepare("SELECT owner, uuid, size FROM export_block WHERE file = $1 ORDER BY place");

    private readonly Statement _addExport = database.Prepare(
        "INSERT INTO export (file, client, enrols, instance, made_at, complete) VALUES ($1, $2, $3, $4, $5, $6) "
        + "ON CONFLICT (file) DO UPDATE SET complete = $6");

    private readonly Statement _addExportEncryptor = database.Prepare("INSERT OR REPLACE INTO export_encryptor (file, place, sae) VALUES ($1, $2, $3)");

    private readonly Statement _addExportBlock = database.Prepare(
        "INSERT OR REPLACE INTO export_block (file, place, owner, uuid, size) VALUES ($1, $2, $3, $4, $5)");

    private readonly Statement _dropExportEncryptors = database.Prepare("DELETE FROM export_encryptor WHERE file = $1");

    private readonly Statement _dropExportBlocks = database.Prepare("DELETE FROM export_block WHERE file = $1");

    private readonly Statement _dropExport = database.Prepare("DELETE FROM export WHERE file = $1");

    public IReadOnlyList<ExportRecord> LoadExports() => database.Run(() => (IReadOnlyList<ExportRecord>)
    [
        .. _loadExports
            .Query(row => new ExportRecord(
                row.GetUuid(0), NodeName.Parse(row.GetString(1)), row.GetOptionalUuid(2), row.GetOptionalUuid(3), [], row.GetTime(4), row.GetBoolean(5), []))
            .Select(export => export with
            {
                Encryptors = _loadExportEncryptors.Query(sae => SaeId.Parse(sae.GetString(0)), export.File),
                Blocks = _loadExportBlocks.Query(block => new CourieredBlock((PoolOwner)block.GetInt32(0), block.GetUuid(1), block.GetInt64(2)), export.File),
            }),
    ]);

    public void Save(ExportRecord export) => database.Transact(() =>
    {
        _addExport.Execute(export.File, export.Client.Value, export.Enrols, export.Instance, export.MadeAt, export.IsComplete);
        foreach (var (place, encryptor) in export.Encryptors.Index())
        {
            _addExportEncryptor.Execute(export.File, place, encryptor.Value);
        }

        foreach (var (place, block) in export.Blocks.Index())
        {
            _addExportBlock.Execute(export.File, place, (long)block.Owner, block.Id, block.Size);
        }
    });

    public void RemoveExport(Guid file) => database.Transact(() =>
    {
        _dropExportEncryptors.Execute(file);
        _dropExportBlocks.Execute(file);
        _dropExport.Execute(file);
    });

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => database.Run(() => (IReadOnlyList<RegistrationRecord>)
    [
        .. _loadRegistrations
            .Query(row => (Client: NodeName.Parse(row.GetString(0)), Instance: row.GetOptionalUuid(1), Enrolled: row.GetBoolean(2), Courier: row.GetOptionalUuid(3)))
            .Select(row => new RegistrationRecord(
                row.Client, _loadEncryptors.Query(sae => SaeId.Parse(sae.GetString(0)), row.Client.Value), row.Instance, row.Enrolled, row.Courier)),
    ]);

    public void Save(RegistrationRecord registration) => database.Transact(() =>
    {
        _register.Execute(registration.Client.Value, registration.Instance, registration.Enrolled, registration.Courier);
        _dropEncryptors.Execute(registration.Client.Value);
        for (var place = 0; place < registration.Encryptors.Count; place++)
        {
            _addEncryptor.Execute(registration.Client.Value, place, registration.Encryptors[place].Value);
        }
    });
}
