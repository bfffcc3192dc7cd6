using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Storage.Databases;

namespace Dske.Storage.States;

/// <summary>A hub's registrations in <c>state.db</c>.</summary>
internal sealed class SqliteHubLedger(Database database) : IHubLedger
{
    private readonly Statement _loadRegistrations = database.Prepare("SELECT client, instance, enrolled FROM registration ORDER BY client");

    private readonly Statement _loadEncryptors = database.Prepare("SELECT sae FROM encryptor WHERE client = $1 ORDER BY place");

    private readonly Statement _register = database.Prepare(
        "INSERT INTO registration (client, instance, enrolled) VALUES ($1, $2, $3) "
        + "ON CONFLICT (client) DO UPDATE SET instance = $2, enrolled = $3");

    private readonly Statement _dropEncryptors = database.Prepare("DELETE FROM encryptor WHERE client = $1");

    private readonly Statement _addEncryptor = database.Prepare("INSERT INTO encryptor (client, place, sae) VALUES ($1, $2, $3)");

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => database.Run(() => (IReadOnlyList<RegistrationRecord>)
    [
        .. _loadRegistrations
            .Query(row => (Client: NodeName.Parse(row.GetString(0)), Instance: row.GetOptionalUuid(1), Enrolled: row.GetBoolean(2)))
            .Select(row => new RegistrationRecord(
                row.Client, _loadEncryptors.Query(sae => SaeId.Parse(sae.GetString(0)), row.Client.Value), row.Instance, row.Enrolled)),
    ]);

    public void Save(RegistrationRecord registration) => database.Transact(() =>
    {
        _register.Execute(registration.Client.Value, registration.Instance, registration.Enrolled);
        _dropEncryptors.Execute(registration.Client.Value);
        for (var place = 0; place < registration.Encryptors.Count; place++)
        {
            _addEncryptor.Execute(registration.Client.Value, place, registration.Encryptors[place].Value);
        }
    });
}
