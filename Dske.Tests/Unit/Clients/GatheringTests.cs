using Dske.Protocol.Clients;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Clients;

/// <summary>How requests wait for one another and go together.</summary>
[Trait("Tier", "Unit")]
public sealed class GatheringTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly VirtualTime _time = new();
    private readonly List<(string Group, IReadOnlyList<int> Items, TaskCompletionSource<IReadOnlyList<string>> Done)> _runs = [];
    private readonly List<string> _discarded = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_go_at_once_and_by_themselves()
    {
        var gathering = Create(atATime: 2);
        var (first, second) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());

        var one = gathering.RunAsync("a", 1, _ => first.Task, Cancellation);
        var two = gathering.RunAsync("a", 2, _ => second.Task, Cancellation);
        second.SetResult("two");
        first.SetResult("one");

        Assert.Equal((("one", false), ("two", false)), (await one, await two));
        Assert.Empty(_runs);
    }

    [Fact]
    public async Task Those_that_come_meanwhile_go_together_when_it_is_done_and_others_do_not_wait_for_them()
    {
        var gathering = Create();
        var busy = new TaskCompletionSource<string>();
        var first = gathering.RunAsync("a", 0, _ => busy.Task, Cancellation);
        var waiting = Enumerable.Range(1, 5).Select(i => gathering.RunAsync("a", i, Never, Cancellation)).ToList();

        Assert.Equal(("other", false), await gathering.RunAsync("b", 1, _ => Task.FromResult("other"), Cancellation));
        Assert.Empty(_runs);
        busy.SetResult("busy");
        await first;
        var run = await NextRunAsync(1);
        var later = gathering.RunAsync("a", 6, Never, Cancellation);
        run.SetResult(["1", "2", "3", "4", "5"]);

        Assert.Equal([("1", true), ("2", true), ("3", true), ("4", true), ("5", true)], await Task.WhenAll(waiting));
        (await NextRunAsync(2)).SetResult(["6"]);
        Assert.Equal(("6", true), await later);
        Assert.Equal([("a", "1 2 3 4 5"), ("a", "6")], _runs.Select(done => (done.Group, string.Join(' ', done.Items))));
    }

    [Fact]
    public async Task Nobody_waits_for_long_for_one_that_hangs()
    {
        var gathering = Create();
        var hanging = gathering.RunAsync("a", 0, Never, Cancellation);
        var waiting = gathering.RunAsync("a", 1, Never, Cancellation);

        await _time.UntilTimersRunAsync(Patience);
        _time.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_runs);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await NextRunAsync(1)).SetResult(["1"]);

        Assert.Equal(("1", true), await waiting);
        Assert.False(hanging.IsCompleted);
    }

    [Fact]
    public async Task As_many_as_a_message_takes_wait_no_longer()
    {
        var gathering = Create(most: 3);
        _ = gathering.RunAsync("a", 0, Never, Cancellation);
        var waiting = Enumerable.Range(1, 3).Select(i => gathering.RunAsync("a", i, Never, Cancellation)).ToList();

        (await NextRunAsync(1)).SetResult(["1", "2", "3"]);

        Assert.Equal(3, (await Task.WhenAll(waiting)).Length);
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task The_same_twice_does_not_go_together()
    {
        var gathering = Create();
        _ = gathering.RunAsync("a", 0, Never, Cancellation);
        var waiting = gathering.RunAsync("a", 1, Never, Cancellation);

        Assert.Equal(("alone", false), await gathering.RunAsync("a", 1, _ => Task.FromResult("alone"), Cancellation));

        // Something of the group is done: the first one goes.
        (await NextRunAsync(1)).SetResult(["1"]);
        Assert.Equal(("1", true), await waiting);
    }

    [Fact]
    public async Task One_that_leaves_takes_nobody_along_and_its_result_is_disposed_of()
    {
        var gathering = Create();
        var busy = new TaskCompletionSource<string>();
        var first = gathering.RunAsync("a", 0, _ => busy.Task, Cancellation);
        using var leaving = new CancellationTokenSource();
        var left = gathering.RunAsync("a", 1, Never, leaving.Token);
        var stays = gathering.RunAsync("a", 2, Never, Cancellation);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        busy.SetResult("busy");
        await first;
        (await NextRunAsync(1)).SetResult(["1", "2"]);

        Assert.Equal(("2", true), await stays);
        Assert.Equal(["1"], _discarded);
    }

    [Fact]
    public async Task A_fault_is_everybodys_and_the_next_ones_go_all_the_same()
    {
        var gathering = Create();
        var busy = new TaskCompletionSource<string>();
        var first = gathering.RunAsync("a", 0, _ => busy.Task, Cancellation);
        var waiting = Enumerable.Range(1, 2).Select(i => gathering.RunAsync("a", i, Never, Cancellation)).ToList();
        busy.SetException(new IOException("full"));
        await Assert.ThrowsAsync<IOException>(() => first);
        (await NextRunAsync(1)).SetException(new IOException("still full"));

        foreach (var failed in waiting)
        {
            Assert.Equal("still full", (await Assert.ThrowsAsync<IOException>(() => failed)).Message);
        }

        Assert.Equal("again", (await gathering.RunAsync("a", 3, _ => Task.FromResult("again"), Cancellation)).Result);
    }

    private static Task<string> Never(CancellationToken cancellationToken) => new TaskCompletionSource<string>().Task.WaitAsync(cancellationToken);

    private Gathering<string, int, string> Create(int atATime = 1, int most = 32) => new(
        new GatheringLimits(atATime, most, Patience),
        _time,
        (group, items) =>
        {
            var done = new TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_runs)
            {
                _runs.Add((group, items, done));
            }

            return done.Task;
        },
        _discarded.Add);

    private async Task<TaskCompletionSource<IReadOnlyList<string>>> NextRunAsync(int count)
    {
        await Eventually.TrueAsync(
            () =>
            {
                lock (_runs)
                {
                    return _runs.Count >= count;
                }
            },
            $"{count} have gone together");
        return _runs[count - 1].Done;
    }
}
