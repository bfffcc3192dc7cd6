using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>Shares at a hub through losses of power and failures of the disk at every step in turn.</summary>
[Trait("Tier", "Unit")]
public sealed class ShareCrashTests
{
    [Theory]
    [InlineData(1, 15)]
    [InlineData(16, 30)]
    public async Task A_saved_share_is_there_and_a_removed_one_is_not_after_power_was_lost_at_any_step(int firstSeed, int lastSeed)
    {
        var schedules = 0;
        for (var seed = firstSeed; seed <= lastSeed; seed++)
        {
            for (var lossAt = 0; await CrashAsync(seed, lossAt, _ => { }); lossAt++)
            {
                schedules++;
            }
        }

        Assert.InRange(schedules, 500, int.MaxValue);
    }

    [Fact]
    public async Task A_disk_that_fails_now_and_then_loses_no_saved_share_and_keeps_no_removed_one()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            await TryAsync(seed, -1, async () =>
            {
                using var schedule = new ShareSchedule(seed);
                schedule.Power.FailsAt = _ => random.Next(8) == 0;
                await schedule.RunAsync(20);
                schedule.Power.FailsAt = _ => false;
                schedule.LosePower();
                Assert.True(await schedule.RunAsync(5));
            });
        }
    }

    [Fact]
    public async Task The_audit_notices_a_removal_that_is_not_flushed()
    {
        var noticed = false;
        for (var seed = 1; seed <= 20 && !noticed; seed++)
        {
            try
            {
                await CrashAsync(seed, 40, schedule => schedule.Disk.IgnoresFlushes = true);
            }
            catch (Exception)
            {
                noticed = true;
            }
        }

        Assert.True(noticed);
    }

    private static async Task<bool> CrashAsync(int seed, int lossAt, Action<ShareSchedule> prepare)
    {
        var wentOut = false;
        await TryAsync(seed, lossAt, async () =>
        {
            using var schedule = new ShareSchedule(seed);
            prepare(schedule);
            schedule.Power.LossAt = schedule.Power.Steps + lossAt;
            wentOut = !await schedule.RunAsync(20);
            schedule.LosePower();
            Assert.True(await schedule.RunAsync(5));
        });
        return wentOut;
    }

    private static async Task TryAsync(int seed, int lossAt, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}, power lost at step {lossAt}: {e}");
        }
    }
}
