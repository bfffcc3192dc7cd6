using Dske.Encryptor.Links;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Encryptor.Links;

[Trait("Tier", "Unit")]
public sealed class HelloBudgetTests
{
    [Fact]
    public void There_are_so_many_at_once_and_so_many_a_second()
    {
        var time = new FakeTimeProvider();
        var budget = new HelloBudget(time);
        Assert.Equal(HelloBudget.Burst, Take(budget));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HelloBudget.PerSecond, Take(budget));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HelloBudget.Burst, Take(budget));
    }

    private static int Take(HelloBudget budget)
    {
        var taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
