using Dske.Storage;
using Dske.Storage.Records;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class WriteQueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task What_waits_at_a_time_shares_one_step()
    {
        using var gate = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        var batches = new List<int[]>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                began.Set();
                gate.Wait(TestContext.Current.CancellationToken);
                batches.Add([.. batch]);
            },
            _time);

        var first = queue.AddAsync(0);
        began.Wait(TestContext.Current.CancellationToken);
        var rest = Enumerable.Range(1, 64).Select(i => queue.AddAsync(i)).ToList();
        Assert.All(rest, task => Assert.False(task.IsCompleted));
        gate.Set();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal([[0], [.. Enumerable.Range(1, 64)]], batches);
    }

    [Fact]
    public async Task A_step_is_bounded_and_the_order_is_kept()
    {
        using var gate = new ManualResetEventSlim();
        var batches = new List<int[]>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                batches.Add([.. batch]);
            },
            _time);
        var all = Enumerable.Range(0, 2000).Select(i => queue.AddAsync(i)).ToList();
        gate.Set();
        await Task.WhenAll(all);

        Assert.Equal(Enumerable.Range(0, 2000), batches.SelectMany(batch => batch));
        Assert.All(batches, batch => Assert.InRange(batch.Length, 1, WriteQueue<int>.MaxBatch));
    }

    [Fact]
    public async Task A_failure_reaches_everybody_who_waits_and_later_changes_go_on()
    {
        var fails = true;
        var written = new List<int>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                if (fails)
                {
                    throw new StorageException("/file", "It failed.", "Do something.");
                }

                written.AddRange(batch);
            },
            _time);

        var failure = await Assert.ThrowsAsync<StorageException>(() => queue.AddAsync(1, 2));
        fails = false;
        await queue.AddAsync(3);

        Assert.Equal("/file", failure.Path);
        Assert.Equal([3], written);
    }

    [Fact]
    public async Task However_much_has_failed_before_new_changes_get_their_turn()
    {
        using var queue = new WriteQueue<int>(_ => throw new StorageException("/file", "It failed.", "Do something."), _time);
        for (var i = 0; i < 2 * WriteQueue<int>.MaxBatch; i++)
        {
            queue.Add(i);
        }

        await Assert.ThrowsAsync<StorageException>(() => queue.AddAsync(-1));
        await Assert.ThrowsAsync<StorageException>(() => queue.AddAsync(-2));
    }

    [Fact]
    public async Task What_nobody_waits_for_is_tried_again_when_the_time_has_come()
    {
        var failures = new SemaphoreSlim(0);
        var done = new TaskCompletionSource<int[]>();
        var fails = true;
        using var queue = new WriteQueue<int>(
            batch =>
            {
                if (Volatile.Read(ref fails))
                {
                    failures.Release();
                    throw new StorageException("/file", "It failed.", "Do something.");
                }

                done.SetResult([.. batch]);
            },
            _time);

        queue.Add(1);
        _time.Advance(WriteQueue<int>.LazyFor);
        await failures.WaitAsync(TestContext.Current.CancellationToken);
        Volatile.Write(ref fails, false);
        while (!done.Task.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _time.Advance(WriteQueue<int>.RetryAfter);
            await Task.Yield();
        }

        Assert.Equal(1, Assert.Single(await done.Task));
        Assert.Equal(0, failures.CurrentCount);
        failures.Dispose();
    }

    [Fact]
    public async Task What_nobody_waits_for_does_not_fail_with_what_somebody_waits_for()
    {
        var written = new List<int>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                if (batch.Contains(0))
                {
                    throw new StorageException("/file", "The disk is full.", "Free some space.");
                }

                written.AddRange(batch);
            },
            _time);

        queue.Add(1);
        queue.Add(2);
        await Assert.ThrowsAsync<StorageException>(() => queue.AddAsync(0));
        await queue.AddAsync(3);

        Assert.Equal([1, 2, 3], written);
    }

    [Fact]
    public async Task What_nobody_waits_for_goes_along_with_what_somebody_waits_for()
    {
        var batches = new List<int[]>();
        using var queue = new WriteQueue<int>(batch => batches.Add([.. batch]), _time);

        queue.Add(1);
        queue.Add(2);
        await queue.AddAsync(3);
        await queue.AddAsync(4);

        Assert.Equal([[1, 2, 3], [4]], batches);
    }

    [Fact]
    public async Task What_nobody_waits_for_is_written_by_itself_when_no_company_comes()
    {
        var written = new TaskCompletionSource<int[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var queue = new WriteQueue<int>(changes => written.SetResult([.. changes]), _time);

        queue.Add(1);
        _time.Advance(WriteQueue<int>.LazyFor / 2);
        queue.Add(2);
        Assert.False(written.Task.IsCompleted);
        _time.Advance(WriteQueue<int>.LazyFor / 2);

        var batch = await written.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], batch);
    }

    [Fact]
    public async Task Settling_waits_for_the_batch_being_written_and_writes_the_rest()
    {
        using var gate = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        var batches = new List<int[]>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                if (batch.Contains(1))
                {
                    began.Set();
                    gate.Wait(TestContext.Current.CancellationToken);
                }

                batches.Add([.. batch]);
            },
            _time);

        var first = queue.AddAsync(1);
        began.Wait(TestContext.Current.CancellationToken);
        queue.Add(2);
        var settling = new Thread(queue.Settle);
        settling.Start();
        await Eventually.TrueAsync(() => settling.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "it waits for the batch being written");
        gate.Set();
        await first;
        settling.Join();

        Assert.Equal([1, 2], batches.SelectMany(batch => batch));
        queue.Settle();
        await queue.AddAsync(3);
        Assert.Equal([1, 2, 3], batches.SelectMany(batch => batch));
    }

    [Fact]
    public void Settling_says_what_went_wrong_and_leaves_the_rest_for_later()
    {
        var fails = true;
        var written = new List<int>();
        using var queue = new WriteQueue<int>(
            batch =>
            {
                if (fails)
                {
                    throw new StorageException("/file", "It failed.", "Do something.");
                }

                written.AddRange(batch);
            },
            _time);

        queue.Add(1);
        Assert.Equal("/file", Assert.Throws<StorageException>(queue.Settle).Path);
        fails = false;
        queue.Settle();

        Assert.Equal([1], written);
    }

    [Fact]
    public void Disposal_writes_what_waits_and_takes_no_more()
    {
        var written = new List<int>();
        var queue = new WriteQueue<int>(written.AddRange, _time);
        for (var i = 0; i < 1000; i++)
        {
            queue.Add(i);
        }

        queue.Dispose();
        queue.Dispose();

        Assert.Equal(Enumerable.Range(0, 1000), written);
        Assert.Throws<ObjectDisposedException>(() => queue.Add(1));
        Assert.Throws<ObjectDisposedException>(() => { _ = queue.AddAsync(1); });
    }
}
