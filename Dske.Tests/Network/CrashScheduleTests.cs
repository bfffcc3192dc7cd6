using Dske.Protocol.Hubs;
using Dske.Tests.Network.InMemory;
using Loss = Dske.Tests.Network.CrashSchedule.Loss;

namespace Dske.Tests.Network;

/// <summary>Whole links through losses of power at every durable step in turn, at the hub or at the client.</summary>
[Trait("Tier", "Network")]
public sealed class CrashScheduleTests
{
    [Theory]
    [MemberData(nameof(Seeds), 4)]
    public async Task Invariant_1_A_hub_that_loses_power_at_any_step_reuses_and_loses_nothing(int seed)
        => await CrashSchedule.AtEveryStepAsync(seed, (step, _) => [new Loss(AtHub: true, Node: seed % 3, step)]);

    [Theory]
    [MemberData(nameof(Seeds), 4)]
    public async Task Invariant_1_A_client_that_loses_power_at_any_step_reuses_and_loses_nothing(int seed)
        => await CrashSchedule.AtEveryStepAsync(seed, (step, _) => [new Loss(AtHub: false, Node: seed % 2, step)]);

    public static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(1, count)];

    [Fact]
    public async Task The_auditor_notices_a_byte_that_is_named_twice()
    {
        // What nobody else can notice: an older copy is put back, and everything that was sent since it was made got lost.
        var network = new InMemoryNetwork(new NetworkSettings { HasDisks = true, HubLimits = new HubLimits { HoldTime = TimeSpan.Zero } });
        try
        {
            var carol = await network.StartClientAsync("carol", "sam");
            await network.StartClientAsync("celia", "serena");
            var copy = carol.Disk.Copy();
            network.Inject(Faults.Unreachable, 0, 1, 2, 3, 4);
            await carol.EstablishAsync("serena", 1000);
            Assert.Empty(network.Audit.Violations);
            await carol.RestoreAsync(copy);
            await carol.UntilFullAsync();
            await carol.EstablishAsync("serena", 1000);

            Assert.NotEmpty(network.Audit.Violations);
        }
        finally
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await network.DisposeAsync());
        }
    }
}
