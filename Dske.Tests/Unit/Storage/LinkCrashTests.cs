using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>Both ends of a pool, either of which loses power at every step in turn.</summary>
[Trait("Tier", "Unit")]
public sealed class LinkCrashTests
{
    [Theory]
    [InlineData(1, 8, true)]
    [InlineData(1, 8, false)]
    [InlineData(9, 16, true)]
    [InlineData(9, 16, false)]
    public void Invariant_1_Both_ends_agree_and_use_nothing_twice_after_power_was_lost_at_any_step(int firstSeed, int lastSeed, bool atOwner)
    {
        var (schedules, received) = (0, 0);
        for (var seed = firstSeed; seed <= lastSeed; seed++)
        {
            for (var lossAt = 0; ; lossAt++, schedules++)
            {
                try
                {
                    using var schedule = new LinkSchedule(seed);
                    var wentOut = schedule.Run(60, lossAt, atOwner);
                    schedule.Run(30, lossAt * 5 % 30, !atOwner);
                    received += schedule.Received;
                    if (!wentOut)
                    {
                        break;
                    }
                }
                catch (Exception e)
                {
                    Assert.Fail($"Seed {seed}, power lost at step {lossAt} of the {(atOwner ? "owner" : "receiver")}: {e}");
                }
            }
        }

        Assert.InRange(schedules, 300, int.MaxValue);
        Assert.InRange(received, schedules, int.MaxValue);
    }
}
