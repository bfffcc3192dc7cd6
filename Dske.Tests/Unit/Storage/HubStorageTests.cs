using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Persistence;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class HubStorageTests : HubStateStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private HubStorage _storage;

    public HubStorageTests() => _storage = Open();

    protected override IHubStateStore Store => _storage.State;

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

    private HubStorage Open() => HubStorage.Open(_directory.Path, SystemEntropySource.Instance);
}
