using Dske.Benchmarks.Guard;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class GuardTests
{
    [Fact]
    public async Task One_slow_round_is_no_regression_and_three_are()
    {
        await using var once = new Ratio(2, 2, 9, 2, 2);
        await using var often = new Ratio(2, 9, 9, 2, 9);

        Assert.False((await GuardCommand.MeasureAsync(once)).IsRegression);
        var outcome = await GuardCommand.MeasureAsync(often);
        Assert.True(outcome.IsRegression);
        Assert.Equal(9, outcome.Median);
        Assert.True(often.IsWarm);
    }

    private sealed class Ratio(params double[] rounds) : IGuardedRatio
    {
        private int _next;

        public string Name => "one against the other";

        public double Limit => 3;

        public bool IsWarm { get; private set; }

        public Task WarmUpAsync()
        {
            IsWarm = true;
            return Task.CompletedTask;
        }

        public Task<double> MeasureRoundAsync() => Task.FromResult(rounds[_next++]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
