using Loss = Dske.Tests.Network.CrashSchedule.Loss;

namespace Dske.Tests.Network;

/// <summary>Whole links through losses of power at both ends, in either order.</summary>
[Trait("Tier", "Network")]
public sealed class CrashPairScheduleTests
{
    [Theory]
    [MemberData(nameof(Seeds), 6)]
    public async Task Invariant_1_Both_ends_that_lose_power_in_either_order_reuse_and_lose_nothing(int seed) => await CrashSchedule.AtEveryStepAsync(seed, (step, random) =>
    [
        new Loss(AtHub: true, Node: seed % 3, step),
        new Loss(AtHub: false, Node: seed % 2, random.Next(1 + (2 * step))),
    ]);

    public static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(101, count)];
}
