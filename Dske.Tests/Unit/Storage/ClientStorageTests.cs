using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Persistence;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class ClientStorageTests : ClientStateStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private ClientStorage _storage;

    public ClientStorageTests() => _storage = Open();

    protected override IClientStateStore Store => _storage.State;

    public void Dispose()
    {
        _storage.Dispose();
        _directory.Dispose();
    }

    protected override void Reopen()
    {
        _storage.Dispose();
        _storage = Open();
    }

    private ClientStorage Open() => ClientStorage.Open(_directory.Path, SystemEntropySource.Instance);
}
