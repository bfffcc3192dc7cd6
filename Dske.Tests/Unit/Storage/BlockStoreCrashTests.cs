using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>Blocks through losses of power and failures of the disk at every step in turn.</summary>
[Trait("Tier", "Unit")]
public sealed class BlockStoreCrashTests
{
    private const int Steps = 25;

    [Theory]
    [InlineData(1, 20)]
    [InlineData(21, 40)]
    [InlineData(41, 60)]
    public void Invariant_1_Power_lost_at_any_step_reuses_and_loses_nothing(int firstSeed, int lastSeed)
    {
        var schedules = 0;
        for (var seed = firstSeed; seed <= lastSeed; seed++)
        {
            for (var lossAt = 0; Crash(seed, lossAt, _ => { }); lossAt++)
            {
                schedules++;
            }
        }

        Assert.InRange(schedules, 1000, int.MaxValue);
    }

    [Theory]
    [InlineData(1, 700)]
    [InlineData(701, 1400)]
    public void Invariant_1_A_disk_that_fails_now_and_then_reuses_and_loses_nothing(int firstSeed, int lastSeed)
    {
        for (var seed = firstSeed; seed <= lastSeed; seed++)
        {
            var random = new Random(seed);
            Try(seed, -1, () =>
            {
                using var schedule = new BlockSchedule(seed);
                for (var round = 0; round < 3; round++)
                {
                    schedule.Node.Power.FailsAt = _ => random.Next(6) == 0;
                    schedule.Node.Power.LossAt = schedule.Node.Power.Steps + random.Next(200);
                    schedule.Run(Steps);
                    schedule.Node.Power.FailsAt = _ => false;
                    schedule.LosePower();
                }
            });
        }
    }

    [Fact]
    public void The_audit_notices_bytes_that_are_handed_out_before_their_erasure_is_flushed()
        => AssertNoticed(schedule => schedule.Node.Disk.IgnoresFlushes = true);

    [Fact]
    public void The_audit_notices_an_erasure_before_the_floor_is_durable()
        => AssertNoticed(schedule => schedule.Node.Ledger.IsLate = true);

    [Fact]
    public void The_audit_notices_a_block_in_the_books_before_its_file_is_durable()
        => AssertNoticed(schedule => schedule.Node.Disk.IgnoresNameFlushes = true);

    private static void AssertNoticed(Action<BlockSchedule> lie)
    {
        var noticed = false;
        for (var seed = 1; seed <= 20 && !noticed; seed++)
        {
            for (var lossAt = 0; !noticed; lossAt++)
            {
                try
                {
                    if (!Crash(seed, lossAt, lie))
                    {
                        break;
                    }
                }
                catch (Exception)
                {
                    noticed = true;
                }
            }
        }

        Assert.True(noticed);
    }

    /// <summary>Runs a schedule, takes the power at a step, goes on, and takes it again; false when the schedule has no such step.</summary>
    private static bool Crash(int seed, int lossAt, Action<BlockSchedule> prepare)
    {
        var wentOut = false;
        Try(seed, lossAt, () =>
        {
            using var schedule = new BlockSchedule(seed);
            prepare(schedule);
            schedule.Node.Power.LossAt = lossAt;
            wentOut = !schedule.Run(Steps);
            schedule.LosePower();
            schedule.Node.Power.LossAt = schedule.Node.Power.Steps + (lossAt * 7 % 40);
            schedule.Run(Steps);
            schedule.LosePower();
        });
        return wentOut;
    }

    private static void Try(int seed, int lossAt, Action run)
    {
        try
        {
            run();
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}, power lost at step {lossAt}: {e}");
        }
    }
}
