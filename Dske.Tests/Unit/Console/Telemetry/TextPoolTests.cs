using Dske.Console.Telemetry;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class TextPoolTests
{
    [Fact]
    public void A_short_text_is_there_once_and_paid_for_once()
    {
        var pool = new TextPool();
        long first = 0, second = 0;

        var one = pool.Get(new string('a', 10), ref first);
        var other = pool.Get(new string('a', 10), ref second);

        Assert.Same(one, other);
        Assert.True(first > 20);
        Assert.Equal(0, second);
    }

    [Fact]
    public void A_long_text_is_paid_for_every_time()
    {
        var pool = new TextPool();
        long bytes = 0;

        pool.Get(new string('a', 100), ref bytes);
        var once = bytes;
        pool.Get(new string('a', 100), ref bytes);

        Assert.Equal(2 * once, bytes);
    }

    [Fact]
    public void Texts_without_end_are_all_paid_for_and_do_not_spoil_the_pool()
    {
        var pool = new TextPool();
        long bytes = 0;
        pool.Get("carol", ref bytes);
        for (var i = 0; i < 10 * TextPool.MaxTexts; i++)
        {
            pool.Get($"text {i}", ref bytes);
        }

        Assert.True(bytes >= 10L * TextPool.MaxTexts * 26);
        long again = 0;
        pool.Get("carol", ref again);
        Assert.Equal(0, again);

        // What is not pooled is paid for whenever it comes: nothing lives on that nobody counts.
        pool.Get($"text {(10 * TextPool.MaxTexts) - 1}", ref again);
        Assert.True(again > 26);
    }
}
