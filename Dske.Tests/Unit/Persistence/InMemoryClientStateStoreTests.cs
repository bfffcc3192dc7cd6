using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Persistence;

[Trait("Tier", "Unit")]
public sealed class InMemoryClientStateStoreTests : ClientStateStoreContract
{
    protected override IClientStateStore Store { get; } = new InMemoryClientStateStore(SystemEntropySource.Instance);

    protected override void Reopen()
    {
        // Gone with the process: there is nothing to open again.
    }
}
