using Dske.Protocol.Hubs;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Answers to requests that cannot be checked are signed now and then only.</summary>
[Trait("Tier", "Unit")]
public sealed class GoneBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void One_a_second_is_signed()
    {
        var budget = new GoneBudget(_time);

        Assert.True(budget.TryTake());
        Assert.False(budget.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(budget.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(budget.TryTake());
    }

    [Fact]
    public void A_thousand_a_day_are_signed()
    {
        var budget = new GoneBudget(_time);
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(budget.TryTake());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(budget.TryTake());
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1001));
        Assert.False(budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(budget.TryTake());
    }
}
