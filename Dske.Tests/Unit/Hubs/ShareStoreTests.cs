using System.Runtime.CompilerServices;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Hubs;

/// <summary>What a hub keeps of shares: those that wait, those that were delivered as long as there is room, and nothing else.</summary>
[Trait("Tier", "Unit")]
public sealed class ShareStoreTests : IDisposable
{
    private readonly HubLimits _limits = new() { MaxSharesPerClient = 5, MaxShareBytesPerClient = 1000, HoldTime = TimeSpan.Zero, LeastRepeatTime = TimeSpan.Zero };
    private readonly VirtualTime _time = new();
    private readonly InMemoryHubStateStore _state = new(new SeededEntropySource(3));
    private ShareStore _store;

    public ShareStoreTests() => _store = new ShareStore(_state, _limits, _time);

    [Fact]
    public async Task Shares_that_were_delivered_make_room_in_the_order_of_delivery()
    {
        await AddAsync(1, 2, 3, 4, 5);
        Assert.True(_store.Fetch(3));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_store.Fetch(1));

        await AddAsync(6);
        Assert.Equal([1, 2, 4, 5, 6], Held());
        Assert.True(_store.Fetch(1));

        await AddAsync(7);
        Assert.Equal([2, 4, 5, 6, 7], Held());
        Assert.False(_store.Fetch(1));
        Assert.Equal(Held(), Kept());
    }

    [Fact]
    public async Task A_share_that_was_delivered_a_moment_ago_makes_no_room_since_its_answer_may_have_been_lost()
    {
        using var store = new ShareStore(_state, _limits with { LeastRepeatTime = TimeSpan.FromSeconds(10) }, _time);
        Assert.Null(await store.AddAsync([.. Enumerable.Range(1, 5).Select(number => SampleShares.Make(number))]));
        Assert.True(store.Fetch(1));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(store.Fetch(2));
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));

        Assert.Equal(DskeError.ShareLimitReached, await store.AddAsync(SampleShares.Make(6)));
        Assert.True(store.Fetch(1));

        // One of the two may go now, so there is room for one.
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(DskeError.ShareLimitReached, await store.AddAsync(SampleShares.Make(6), SampleShares.Make(7)));
        Assert.Null(await store.AddAsync(SampleShares.Make(6)));
        Assert.False(store.Fetch(1));
        Assert.True(store.Fetch(2));
    }

    [Fact]
    public async Task A_share_that_comes_again_with_others_makes_no_room_for_them()
    {
        await AddAsync(1, 2, 3, 4, 5);
        Assert.True(_store.Fetch(1));
        Assert.True(_store.Fetch(2));

        await AddAsync(1, 6);
        Assert.Equal([1, 3, 4, 5, 6], Held());
        Assert.Equal(DskeError.ShareLimitReached, await _store.AddAsync(SampleShares.Make(1), SampleShares.Make(7)));
        Assert.Equal([1, 3, 4, 5, 6], Held());
    }

    [Fact]
    public async Task Shares_that_were_delivered_make_room_for_as_many_bytes_as_are_needed()
    {
        await AddAsync(SampleShares.Make(1, 300), SampleShares.Make(2, 300), SampleShares.Make(3, 300));
        Assert.True(_store.Fetch(2));
        Assert.True(_store.Fetch(3));

        await AddAsync(SampleShares.Make(4, 100));
        Assert.Equal([1, 2, 3, 4], Held());
        await AddAsync(SampleShares.Make(5, 600));
        Assert.Equal([1, 4, 5], Held());
    }

    [Fact]
    public async Task Shares_that_wait_make_no_room_and_nothing_changes()
    {
        await AddAsync(1, 2, 3, 4);
        Assert.True(_store.Fetch(1));
        var (held, kept) = (_store.GetStatus(10), Kept());

        Assert.Equal(DskeError.ShareLimitReached, await _store.AddAsync(SampleShares.Make(5), SampleShares.Make(6), SampleShares.Make(7)));
        Assert.Equal(DskeError.ShareLimitReached, await _store.AddAsync(SampleShares.Make(5, 1000 - (3 * 32) + 1)));

        Assert.Equivalent(held, _store.GetStatus(10), strict: true);
        Assert.Equal(kept, Kept());
        await AddAsync(SampleShares.Make(5, 1000 - (3 * 32)));
        Assert.Equal([2, 3, 4, 5], Held());
    }

    [Fact]
    public async Task A_share_that_one_of_several_has_not_fetched_yet_waits()
    {
        var recipients = new[] { new ShareRecipient(SampleShares.Serena, SampleShares.Celia), new ShareRecipient(SampleShares.Sam, SampleShares.Carol) };
        await AddAsync(new StoredShare(SampleShares.Id(1), SampleShares.Carol, SampleShares.Sam, recipients, 0, new SecretBytes(32)));
        await AddAsync(2, 3, 4, 5);
        Assert.True(_store.Fetch(1));

        Assert.Equal(DskeError.ShareLimitReached, await _store.AddAsync(SampleShares.Make(6)));

        _store.MarkDelivered(SampleShares.Id(1), SampleShares.Sam, SampleShares.Sam, SampleShares.Carol);
        await AddAsync(6);
        Assert.Equal([2, 3, 4, 5, 6], Held());
    }

    [Fact]
    public async Task A_client_that_is_served_is_never_at_its_limit()
    {
        for (var i = 0; i < 1000; i++)
        {
            await AddAsync(i);
            Assert.True(_store.Fetch(i));
            Assert.Equal(Math.Min(i + 1, 5), _store.Count);
        }

        Assert.Equal([995, 996, 997, 998, 999], Held());
    }

    [Fact]
    public async Task The_same_share_again_takes_no_room()
    {
        await AddAsync(1, 2, 3, 4, 5);
        Assert.True(_store.Fetch(5));

        await AddAsync(1, 2, 3, 4, 5);

        Assert.Equal([1, 2, 3, 4, 5], Held());
    }

    [Fact]
    public async Task A_share_that_is_fetched_shortly_before_its_end_waits_no_more_but_is_gone_in_time()
    {
        await AddAsync(1, 2, 3, 4, 5);
        _time.Advance(_limits.ShareTimeToLive - TimeSpan.FromSeconds(1));
        Assert.True(_store.Fetch(1));
        Assert.True(_store.Fetch(2));

        await AddAsync(6);
        Assert.Equal([2, 3, 4, 5, 6], Held());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([6], Held());
    }

    [Fact]
    public async Task Nothing_is_left_of_a_share_that_was_delivered_once_its_window_is_over()
    {
        var shares = await AddManyAsync();
        for (var i = 0; i < shares.Count; i++)
        {
            Assert.True(_store.Fetch(i));
        }

        _time.Advance(_limits.RepeatWindow);
        _store.Sweep();

        Assert.Equal(0, _store.Count);
        Assert.Empty(Kept());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(shares, share => share.TryGetTarget(out _));
        GC.KeepAlive(_store);
    }

    [Fact]
    public async Task When_the_clock_is_set_back_shares_live_as_long_as_it_says()
    {
        await AddAsync(1);
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(1));
        await AddAsync(2, 3);
        Assert.True(_store.Fetch(1));
        Assert.True(_store.Fetch(2));

        _time.Advance(_limits.RepeatWindow);
        Assert.Equal([3], Held());
        await AddAsync(4);
        _time.Advance(_limits.ShareTimeToLive - _limits.RepeatWindow);
        Assert.Equal([4], Held());
        _time.Advance(_limits.RepeatWindow);
        Assert.Empty(Held());
    }

    [Fact]
    public async Task After_a_start_everything_is_as_before()
    {
        await AddAsync(1, 2, 3);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(4, 5);
        Assert.True(_store.Fetch(4));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_store.Fetch(2));
        var until = _store.GetStatus(10).Select(share => (share.KeyId, share.Delivered, share.ExpiresAt)).Order().ToList();

        Restart();

        Assert.Equal(until, _store.GetStatus(10).Select(share => (share.KeyId, share.Delivered, share.ExpiresAt)).Order());
        await AddAsync(6);
        Assert.Equal([1, 2, 3, 5, 6], Held());
        _time.Advance(_limits.RepeatWindow);
        Assert.Equal([1, 3, 5, 6], Held());
        Assert.Equal(DskeError.ShareLimitReached, await _store.AddAsync(SampleShares.Make(7), SampleShares.Make(8)));
        _time.Advance(_limits.ShareTimeToLive - _limits.RepeatWindow - TimeSpan.FromSeconds(2));
        Assert.Equal([5, 6], Held());
    }

    public void Dispose()
    {
        _store.Dispose();
        _state.Dispose();
    }

    private static List<int> NumbersOf(IEnumerable<Guid> ids) => [.. ids.Select(id => BitConverter.ToInt32(id.ToByteArray())).Order()];

    private Task AddAsync(params int[] numbers) => AddAsync([.. numbers.Select(number => SampleShares.Make(number))]);

    private async Task AddAsync(params StoredShare[] shares) => Assert.Null(await _store.AddAsync(shares));

    /// <summary>In a method of its own: no local variable of the test keeps them alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference<StoredShare>>> AddManyAsync()
    {
        StoredShare[] shares = [.. Enumerable.Range(0, 5).Select(number => SampleShares.Make(number))];
        await AddAsync(shares);
        return [.. shares.Select(share => new WeakReference<StoredShare>(share))];
    }

    private List<int> Held() => NumbersOf(_store.GetStatus(int.MaxValue).Select(share => share.KeyId));

    private List<int> Kept()
    {
        var records = _state.LoadShares();
        foreach (var record in records)
        {
            record.Value.Dispose();
        }

        return NumbersOf(records.Select(record => record.KeyId));
    }

    private void Restart()
    {
        _store.Dispose();
        _store = new ShareStore(_state, _limits, _time);
    }
}
