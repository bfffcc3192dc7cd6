using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Tests.Vectors;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Hubs;

[Trait("Tier", "Unit")]
public sealed class RegistrationRaceTests
{
    [Theory]
    [InlineData(PoolOwner.Client)]
    [InlineData(PoolOwner.Hub)]
    public async Task A_block_that_is_issued_while_its_client_registers_anew_is_in_the_new_pool_or_gone(PoolOwner owner)
    {
        using var store = new InMemoryPsrdStore();
        using var hub = new HubEngine(
            NodeName.Parse("hank"), RecordedPsrd.Network, store, new InMemoryHubStateStore(SystemEntropySource.Instance), SystemEntropySource.Instance, new FakeTimeProvider());
        var registration = new RegistrationRequest { ClientName = "carol", EncryptorNames = [] };
        var instance = SystemEntropySource.Instance.NextUuid();
        hub.Register(registration, instance, null);

        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (i, _) =>
        {
            if (i % 5 == 0)
            {
                Assert.True(hub.Register(registration, instance, networkHash: null, startOver: true).ReplacedPools);
            }
            else
            {
                using var block = hub.IssuePsrd("carol", owner, 100, out var error);
                Assert.True(block is not null || error == DskeError.ClientNotRegistered);
            }

            return ValueTask.CompletedTask;
        });

        var status = hub.GetClients().Single();
        Assert.Equal(
            store.Open(new PsrdPoolKey(status.Name, owner)).Select(block => block.Id),
            (owner == PoolOwner.Client ? status.ClientOwned : status.HubOwned).Select(block => block.BlockId));
    }
}
