using System.Collections.Concurrent;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>Many threads at one pool.</summary>
[Trait("Tier", "Unit")]
public sealed class PoolConcurrencyTests : IDisposable
{
    private const int Threads = 8;

    private readonly InMemoryPsrdStore _owners = new();
    private readonly InMemoryPsrdStore _receivers = new();
    private readonly PsrdBlocks _blocks = new(seed: 1, 70_000, 999, 513, 40_001, 20, 65_536);

    public void Dispose()
    {
        _owners.Dispose();
        _receivers.Dispose();
    }

    [Fact]
    public async Task Invariant_1_Concurrent_allocations_never_overlap_and_waste_nothing()
    {
        using var pool = _blocks.OpenOwner(_owners);
        var all = await AllocateEverything(pool);

        Assert.All(all, message => Assert.Equal(_blocks.Cut(message.Named), message.Bytes));
        AssertDisjoint(all.Select(message => message.Named));
        Assert.Equal(_blocks.TotalBytes - pool.AvailableBytes, all.Sum(message => message.Named.Size));
        Assert.InRange(pool.AvailableBytes, 0, 99);
    }

    [Fact]
    public async Task Invariant_1_Of_many_that_take_the_same_bytes_at_the_same_time_one_gets_them()
    {
        using var pool = _blocks.OpenOwner(_owners);
        using var receiver = _blocks.OpenReceiver(_receivers);
        var all = await AllocateEverything(pool);
        var winners = new ConcurrentBag<Allocation>();

        await RunOnAllThreads(thread =>
        {
            foreach (var (named, bytes) in all.OrderBy(message => message.Bytes[0] ^ thread))
            {
                var key = new byte[bytes.Length];
                if (receiver.TryRead(named, key) == PsrdOutcome.Ok)
                {
                    Assert.Equal(bytes, key);
                }

                if (receiver.TryTake(named, bytes.Length, null, default, out _))
                {
                    winners.Add(named);
                }
            }
        });

        AssertDisjoint(winners);
        Assert.Equal(all.Count, winners.Count);
        Assert.Equal(pool.AvailableBytes, receiver.AvailableBytes);
    }

    [Fact]
    public async Task Blocks_are_added_while_others_are_used_up()
    {
        using var pool = new LocalPool(_owners, PsrdBlocks.Pool);
        var more = new PsrdBlocks(seed: 2, Enumerable.Range(500, 400));
        var next = -1;
        var allocated = 0L;

        await RunOnAllThreads(_ =>
        {
            for (var index = Interlocked.Increment(ref next); index < more.All.Count; index = Interlocked.Increment(ref next))
            {
                Assert.True(pool.TryAdd(more[index], more.All[index].Data));
                for (var i = 0; i < 10; i++)
                {
                    if (pool.Allocate(61) is { } message)
                    {
                        Assert.Equal(more.Cut(message.Named), message.Bytes);
                        Interlocked.Add(ref allocated, 61);
                    }
                }
            }
        });

        Assert.Equal(more.TotalBytes, allocated + pool.AvailableBytes);
    }

    [Fact]
    public async Task Invariant_1_A_pool_that_is_cleared_meanwhile_hands_nothing_out_afterwards()
    {
        using var pool = _blocks.OpenOwner(_owners);
        using var receiver = _blocks.OpenReceiver(_receivers);

        await RunOnAllThreads(thread =>
        {
            for (var i = 0; i < 100; i++)
            {
                if (thread == 0 && i == 30)
                {
                    pool.Clear();
                    receiver.Clear();
                }
                else if (pool.Allocate(40) is { } message)
                {
                    Assert.Equal(_blocks.Cut(message.Named), message.Bytes);
                    receiver.TryTake(message.Named, 40, null, default, out _);
                }
            }
        });

        Assert.Null(pool.Allocate(1));
        Assert.Equal((0, 0), (pool.AvailableBytes, receiver.AvailableBytes));
    }

    private static async Task<List<(Allocation Named, byte[] Bytes)>> AllocateEverything(LocalPool pool)
    {
        var all = new ConcurrentBag<(Allocation, byte[])>();
        await RunOnAllThreads(thread =>
        {
            for (var i = 0; pool.Allocate(1 + ((i * 7) + (thread * 13)) % 99) is { } message; i++)
            {
                all.Add(message);
            }
        });
        return [.. all];
    }

    private static Task RunOnAllThreads(Action<int> work)
    {
        var barrier = new Barrier(Threads);
        return Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                work(thread);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private static void AssertDisjoint(IEnumerable<Allocation> allocations)
    {
        var fragments = allocations.SelectMany(named => named.Fragments.ToArray())
            .OrderBy(fragment => fragment.BlockId).ThenBy(fragment => fragment.Start).ToArray();
        for (var i = 1; i < fragments.Length; i++)
        {
            var (before, after) = (fragments[i - 1], fragments[i]);
            Assert.True(before.BlockId != after.BlockId || before.Start + before.Size <= after.Start, $"{before} overlaps {after}.");
        }
    }
}
