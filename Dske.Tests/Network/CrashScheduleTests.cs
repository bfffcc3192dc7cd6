using Dske.Protocol.Hubs;
using Dske.Tests.Network.InMemory;
using Loss = Dske.Tests.Network.CrashSchedule.Loss;

namespace Dske.Tests.Network;

/// <summary>Whole links through losses of power at every durable step in turn, at the hub, at the client, and at both.</summary>
[Trait("Tier", "Network")]
public sealed class CrashScheduleTests
{
    private const int Operations = 12;

    [Theory]
    [MemberData(nameof(Seeds), 4)]
    public async Task Invariant_1_A_hub_that_loses_power_at_any_step_reuses_and_loses_nothing(int seed)
        => await AtEveryStepAsync(seed, (step, _) => [new Loss(AtHub: true, Node: seed % 3, step)]);

    [Theory]
    [MemberData(nameof(Seeds), 4)]
    public async Task Invariant_1_A_client_that_loses_power_at_any_step_reuses_and_loses_nothing(int seed)
        => await AtEveryStepAsync(seed, (step, _) => [new Loss(AtHub: false, Node: seed % 2, step)]);

    [Theory]
    [MemberData(nameof(Seeds), 8)]
    public async Task Invariant_1_Both_ends_that_lose_power_in_either_order_reuse_and_lose_nothing(int seed) => await AtEveryStepAsync(seed, (step, random) =>
    [
        new Loss(AtHub: true, Node: seed % 3, step),
        new Loss(AtHub: false, Node: seed % 2, random.Next(1 + (2 * step))),
    ]);

    public static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(1, count)];

    private static async Task AtEveryStepAsync(int seed, Func<int, Random, IReadOnlyList<Loss>> place)
    {
        var random = new Random(seed);
        var (schedules, keys) = (0, 0);
        for (var step = 0; ; step++, schedules++)
        {
            var losses = place(step, random);
            try
            {
                var outcome = await CrashSchedule.RunAsync(seed, Operations, losses);
                keys += outcome.Keys;
                if (!outcome.Happened)
                {
                    break;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Assert.Fail($"CrashSchedule.RunAsync({seed}, {Operations}, {string.Join(", ", losses)}): {e}");
            }
        }

        Assert.InRange(schedules, 50, int.MaxValue);
        Assert.InRange(keys, 4 * schedules, int.MaxValue);
    }

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
