using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>A hub's registrations and shares in <c>state.db</c>.</summary>
internal sealed class SqliteHubLedger(Database database) : IHubLedger
{
    private readonly Statement _loadRegistrations = database.Prepare("SELECT client, instance, enrolled FROM registration ORDER BY client");

    private readonly Statement _loadEncryptors = database.Prepare("SELECT sae FROM encryptor WHERE client = $1 ORDER BY place");

    private readonly Statement _loadShares = database.Prepare(
        "SELECT posted_by, key_id, master, slave, slave_client, share_index, slot, sealed, expires_at, delivered FROM share ORDER BY slot");

    private readonly Statement _register = database.Prepare(
        "INSERT INTO registration (client, instance, enrolled) VALUES ($1, $2, $3) "
        + "ON CONFLICT (client) DO UPDATE SET instance = $2, enrolled = $3");

    private readonly Statement _dropEncryptors = database.Prepare("DELETE FROM encryptor WHERE client = $1");

    private readonly Statement _addEncryptor = database.Prepare("INSERT INTO encryptor (client, place, sae) VALUES ($1, $2, $3)");

    private readonly Statement _insert = database.Prepare(
        "INSERT INTO share (posted_by, key_id, master, slave, slave_client, share_index, slot, sealed, expires_at, delivered) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

    private readonly Statement _update = database.Prepare(
        "UPDATE share SET expires_at = $2, delivered = $3 WHERE slot = $1");

    private readonly Statement _delete = database.Prepare("DELETE FROM share WHERE slot = $1");

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => database.Run(() => (IReadOnlyList<RegistrationRecord>)
    [
        .. _loadRegistrations
            .Query(row => (Client: NodeName.Parse(row.GetString(0)), Instance: row.GetOptionalUuid(1), Enrolled: row.GetBoolean(2)))
            .Select(row => new RegistrationRecord(
                row.Client, _loadEncryptors.Query(sae => SaeId.Parse(sae.GetString(0)), row.Client.Value), row.Instance, row.Enrolled)),
    ]);

    public IReadOnlyList<ShareRow> LoadShares() => database.Run(() => _loadShares.Query(row => new ShareRow(
        NodeName.Parse(row.GetString(0)),
        row.GetUuid(1),
        SaeId.Parse(row.GetString(2)),
        SaeId.Parse(row.GetString(3)),
        NodeName.Parse(row.GetString(4)),
        row.GetInt32(5),
        row.GetInt32(6),
        row.GetFieldValue<byte[]>(7),
        row.GetTime(8),
        row.GetBoolean(9))));

    public void Commit(IReadOnlyList<HubChange> changes) => database.Transact(() =>
    {
        foreach (var change in changes)
        {
            Apply(change);
        }
    });

    private void Apply(HubChange change)
    {
        switch (change)
        {
            case HubChange.Register { Registration: var registration }:
                _register.Execute(registration.Client.Value, registration.Instance, registration.Enrolled);
                _dropEncryptors.Execute(registration.Client.Value);
                for (var place = 0; place < registration.Encryptors.Count; place++)
                {
                    _addEncryptor.Execute(registration.Client.Value, place, registration.Encryptors[place].Value);
                }

                break;
            case HubChange.Insert { Share: var share }:
                _insert.Execute(
                    share.PostedBy.Value,
                    share.KeyId,
                    share.Master.Value,
                    share.Slave.Value,
                    share.SlaveClient.Value,
                    share.Index,
                    share.Slot,
                    share.Sealed,
                    share.ExpiresAt,
                    share.Delivered);
                break;
            case HubChange.Update update:
                _update.Execute(update.Slot, update.ExpiresAt, update.Delivered);
                break;
            case HubChange.Delete delete:
                _delete.Execute(delete.Slot);
                break;
        }
    }
}
