using Dske.Protocol.Hubs;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Shares come out in the order in which they expire, whatever order they went in by.</summary>
[Trait("Tier", "Unit")]
public sealed class DeadlineQueueTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DeadlineQueue _queue = new();

    [Fact]
    public void Shares_come_out_when_they_expire_and_not_before()
    {
        var (first, second) = (Add(1), Add(2));

        Assert.False(_queue.TryPeekExpired(At(1) - TimeSpan.FromTicks(1), out _));
        Assert.True(_queue.TryPeekExpired(At(1), out var expired));
        Assert.Same(first, expired);
        Assert.True(_queue.Remove(first));
        Assert.False(_queue.TryPeekExpired(At(1), out _));
        Assert.True(_queue.TryPeekExpired(At(2), out expired));
        Assert.Same(second, expired);
    }

    [Fact]
    public void Of_those_that_expire_together_the_first_one_is_first()
    {
        StoredShare[] shares = [Add(1), Add(1), Add(1)];

        Assert.Equal(shares, Drain());
    }

    [Fact]
    public void A_clock_that_was_set_changes_nothing_about_the_order()
    {
        int[] seconds = [100, 101, 102, 40, 41, 41, 42, 300, 301, 90, 103, 0, 301];
        StoredShare[] shares = [.. seconds.Select(Add)];

        Assert.Equal(shares.OrderBy(share => share.ExpiresAt), Drain());
    }

    [Fact]
    public void A_share_that_is_taken_out_is_not_there_any_more_and_may_be_added_again()
    {
        StoredShare[] shares = [Add(1), Add(2), Add(3)];

        Assert.True(_queue.Remove(shares[1]));

        Assert.False(shares[1].IsHeld);
        Assert.False(_queue.Remove(shares[1]));
        Assert.False(new DeadlineQueue().Remove(shares[0]));
        Assert.Equal(2, _queue.Count);
        shares[1].ExpiresAt = At(4);
        _queue.Add(shares[1]);
        Assert.Equal([shares[0], shares[2], shares[1]], Drain());
    }

    [Fact]
    public void Whatever_is_added_and_taken_out_the_order_is_right()
    {
        var random = new Random(5);
        List<StoredShare> expected = [];
        for (var i = 0; i < 2000; i++)
        {
            if (random.Next(3) > 0 || expected.Count == 0)
            {
                expected.Add(Add(random.Next(50)));
                expected = [.. expected.OrderBy(share => share.ExpiresAt)];
            }
            else
            {
                // Often the one that was added last, from which the next search begins.
                var gone = random.Next(2) == 0 ? expected[random.Next(expected.Count)] : expected[^1];
                expected.Remove(gone);
                Assert.True(_queue.Remove(gone));
            }

            Assert.Equal(expected.Count, _queue.Count);
            Assert.Equal(expected.Count > 0, _queue.TryPeekExpired(At(50), out var first));
            Assert.Same(expected.FirstOrDefault(), first);
        }

        Assert.Equal(expected, Drain());
    }

    [Fact]
    public void A_queue_that_was_cleared_is_as_good_as_new()
    {
        var (gone, kept) = (Add(1), Add(3));
        _queue.Clear();
        Assert.False(gone.IsHeld);

        Assert.Equal([Add(2)], Drain());
        Assert.False(_queue.Remove(kept));
    }

    private static DateTimeOffset At(int seconds) => Start + TimeSpan.FromSeconds(seconds);

    private StoredShare Add(int seconds)
    {
        var share = SampleShares.Make(seconds);
        share.ExpiresAt = At(seconds);
        _queue.Add(share);
        return share;
    }

    private List<StoredShare> Drain()
    {
        List<StoredShare> drained = [];
        while (_queue.TryPeekExpired(DateTimeOffset.MaxValue, out var share))
        {
            drained.Add(share);
            Assert.True(_queue.Remove(share));
        }

        Assert.Equal(0, _queue.Count);
        return drained;
    }
}
