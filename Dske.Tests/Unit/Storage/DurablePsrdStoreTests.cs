using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class DurablePsrdStoreTests : PsrdStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private HubStorage _storage;

    public DurablePsrdStoreTests() => _storage = Open();

    protected override IPsrdStore Store => _storage.Psrd;

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
