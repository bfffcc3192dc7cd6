using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class PeerPoolTests : IDisposable
{
    private readonly ObservedPsrdStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_signing_key_is_read_without_using_it()
    {
        var blocks = new PsrdBlocks(seed: 1, 100, 2000);
        using var pool = blocks.OpenReceiver(_store);
        var named = new Allocation(blocks.Run(1, 1500, 12), blocks.Run(0, 80, 20));
        var before = pool.Describe();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(PsrdOutcome.Ok, pool.TryRead(named, out var key));
            Assert.Equal(blocks.Cut(named), key);
        }

        Assert.Equal(before, pool.Describe());
        Assert.Equal(0, _store.Leases);
    }

    [Fact]
    public void Key_and_pad_are_taken_in_one_step_from_wherever_they_lie()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000, 1000);
        using var pool = blocks.OpenReceiver(_store);
        var (key, padAllocation) = (new Allocation(blocks.Run(0, 600, 32)), new Allocation(blocks.Run(0, 500, 100), blocks.Run(1, 0, 50)));
        var pad = new byte[150];

        Assert.True(pool.TryTake(key, 32, padAllocation, pad, out var outcome));

        Assert.Equal(PsrdOutcome.Ok, outcome);
        Assert.Equal(blocks.Cut(padAllocation), pad);
        Assert.Equal([new BlockStatus(blocks[0], 1000, 868), new BlockStatus(blocks[1], 1000, 950)], pool.GetStatus());
        Assert.Equal(1818, pool.AvailableBytes);
    }

    [Fact]
    public void Bytes_are_taken_in_any_order_and_read_partly_from_windows_partly_from_storage()
    {
        var blocks = new PsrdBlocks(seed: 1, 1600);
        using var pool = blocks.OpenReceiver(_store);
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 700, 10)));

        // Windows have 512 bytes: two of them are open, and the third begins at 1024.
        var across = new Allocation(blocks.Run(0, 400, 300), blocks.Run(0, 1000, 100));
        Assert.Equal(PsrdOutcome.Ok, pool.TryRead(across, out var bytes));
        Assert.Equal(blocks.Cut(across), bytes);
        Assert.Equal(1, _store.Leases);

        Assert.Equal(PsrdOutcome.Ok, pool.Take(across.Fragments));
        Assert.Equal(1600 - 410, pool.AvailableBytes);
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(50, 12)]
    [InlineData(99, 2)]
    public void Invariant_1_What_was_taken_is_not_read_or_taken_again(long start, int size)
    {
        var blocks = new PsrdBlocks(seed: 1, 2000);
        using var pool = blocks.OpenReceiver(_store);
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 0, 100)));
        var before = pool.Describe();

        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.TryRead(new Allocation(blocks.Run(0, start, size)), out var bytes));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, start, size)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 500, 10), blocks.Run(0, start, size)));

        Assert.Equal(new byte[size], bytes);
        Assert.Equal(before, pool.Describe());
    }

    [Fact]
    public void Invariant_1_Of_a_message_that_comes_twice_only_one_counts()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000);
        using var pool = blocks.OpenReceiver(_store);
        var (key, pad) = (new Allocation(blocks.Run(0, 16, 32)), new Allocation(blocks.Run(0, 0, 16)));
        var bytes = new byte[16];

        Assert.True(pool.TryTake(key, 32, pad, bytes, out _));
        bytes.AsSpan().Clear();
        Assert.False(pool.TryTake(key, 32, pad, bytes, out var outcome));

        Assert.Equal(PsrdOutcome.AlreadyUsed, outcome);
        Assert.Equal(new byte[16], bytes);
    }

    [Fact]
    public void Invariant_1_A_fragment_that_is_named_twice_is_refused()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000, 1000);
        using var pool = blocks.OpenReceiver(_store);
        Allocation[] overlapping =
        [
            new(blocks.Run(0, 0, 16), blocks.Run(0, 0, 16)),
            new(blocks.Run(0, 15, 16), blocks.Run(0, 0, 16)),
            new(blocks.Run(0, 0, 30), blocks.Run(1, 0, 1), blocks.Run(0, 29, 1)),
        ];

        Assert.All(overlapping, named => Assert.Equal(PsrdOutcome.AlreadyUsed, pool.TryRead(named, out _)));
        Assert.All(overlapping, named => Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(named.Fragments)));
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 16, 16), blocks.Run(0, 0, 16), blocks.Run(1, 0, 16)));
    }

    [Fact]
    public void Invariant_3_A_signing_key_has_its_exact_size_in_at_most_sixteen_fragments()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000);
        using var pool = blocks.OpenReceiver(_store);
        Fragment[] sixteen = [.. Enumerable.Range(0, 16).Select(i => blocks.Run(0, 40 * i, 2))];
        Fragment[] seventeen = [.. sixteen[..15], blocks.Run(0, 800, 1), blocks.Run(0, 900, 1)];

        Assert.Equal(PsrdOutcome.WrongSize, pool.TryRead(new Allocation(seventeen), out _, size: 32));
        Assert.Equal(PsrdOutcome.WrongSize, pool.TryRead(new Allocation(blocks.Run(0, 0, 31)), out _, size: 32));
        Assert.Equal(PsrdOutcome.WrongSize, pool.TryRead(new Allocation(blocks.Run(0, 0, 33)), out _, size: 32));
        Assert.Equal(PsrdOutcome.WrongSize, pool.TryRead(new Allocation(), out _, size: 32));
        Assert.Equal(PsrdOutcome.WrongSize, pool.TryRead(new Allocation(), out _, size: 0));
        Assert.False(pool.TryTake(new Allocation(blocks.Run(0, 0, 33)), 32, null, default, out var outcome));
        Assert.Equal(PsrdOutcome.WrongSize, outcome);
        Assert.Equal(1000, pool.AvailableBytes);
        Assert.Equal(PsrdOutcome.Ok, pool.TryRead(new Allocation(sixteen), out var key, size: 32));
        Assert.Equal(blocks.Cut(new Allocation(sixteen)), key);
    }

    [Fact]
    public void Invariant_3_A_pad_has_at_most_2048_fragments()
    {
        var blocks = new PsrdBlocks(seed: 1, 10_000);
        using var pool = blocks.OpenReceiver(_store);
        Fragment[] most = [.. Enumerable.Range(0, Allocation.MaxPadFragments).Select(i => blocks.Run(0, 4 * i, 1))];
        var pad = new byte[most.Length];

        var more = new Allocation([.. most, blocks.Run(0, 9999, 1)]);
        Assert.True(pool.TryTake(new Allocation(blocks.Run(0, 9000, 32)), 32, more, new byte[most.Length + 1], out var tooMany));
        Assert.Equal(PsrdOutcome.WrongSize, tooMany);

        Assert.True(pool.TryTake(new Allocation(blocks.Run(0, 9100, 32)), 32, new Allocation(most), pad, out var asMany));
        Assert.Equal(PsrdOutcome.Ok, asMany);
        Assert.Equal(blocks.Cut(new Allocation(most)), pad);
    }

    [Fact]
    public void Invariant_3_A_block_of_another_pool_is_unknown()
    {
        var (blocks, others) = (new PsrdBlocks(seed: 1, 1000), new PsrdBlocks(seed: 2, 1000));
        using var pool = blocks.OpenReceiver(_store);
        using var ofTheOtherOwner = new PeerPool(_store, PsrdBlocks.Pool with { Owner = PoolOwner.Hub });
        ofTheOtherOwner.TryAdd(others[0], others.All[0].Data);

        Assert.Equal(PsrdOutcome.UnknownBlock, pool.TryRead(new Allocation(others.Run(0, 0, 32)), out _));
        Assert.Equal(PsrdOutcome.UnknownBlock, pool.Take(blocks.Run(0, 0, 16), others.Run(0, 0, 16)));
        Assert.Equal(1000, pool.AvailableBytes);
    }

    [Fact]
    public void Invariant_5_A_block_is_freed_when_its_last_byte_is_taken_and_remembered_as_used()
    {
        var blocks = new PsrdBlocks(seed: 1, 700, 700);
        using var pool = blocks.OpenReceiver(_store);

        pool.Take(blocks.Run(0, 100, 600));
        Assert.Equal(2, pool.GetStatus().Count);
        pool.Take(blocks.Run(0, 0, 100));

        Assert.Equal(blocks[1], Assert.Single(pool.GetStatus()).BlockId);
        Assert.Equal(blocks[1], Assert.Single(_store.Open(PsrdBlocks.Pool)).Id);
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 0, 32)));
        Assert.False(pool.TryAdd(blocks[0], blocks.All[0].Data));
    }

    [Fact]
    public void The_last_64_used_up_blocks_are_remembered()
    {
        var blocks = new PsrdBlocks(seed: 1, Enumerable.Repeat(32, 65));
        using var pool = blocks.OpenReceiver(_store);

        for (var i = 0; i < 65; i++)
        {
            Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(i, 0, 32)));
        }

        Assert.Equal(PsrdOutcome.UnknownBlock, pool.Take(blocks.Run(0, 0, 32)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(1, 0, 32)));
    }

    [Fact]
    public void A_block_is_added_once()
    {
        var blocks = new PsrdBlocks(seed: 1, 100);
        using var pool = blocks.OpenReceiver(_store);

        Assert.False(pool.TryAdd(blocks[0], new byte[50]));
        Assert.Throws<ArgumentException>(() => pool.TryAdd(Guid.Empty, default));

        Assert.Equal(100, pool.AvailableBytes);
    }

    [Fact]
    public void A_cleared_pool_has_nothing_leaves_nothing_and_takes_nothing()
    {
        var blocks = new PsrdBlocks(seed: 1, 2000, 70_000);
        using var pool = blocks.OpenReceiver(_store);
        pool.Take(blocks.Run(0, 600, 10));

        pool.Clear();

        Assert.Equal(0, pool.AvailableBytes);
        Assert.Equal(PsrdOutcome.UnknownBlock, pool.Take(blocks.Run(0, 0, 32)));
        Assert.Empty(_store.Open(PsrdBlocks.Pool));
        Assert.False(ReachableMemory.Holds(blocks.All.Select(block => block.Data), pool, _store));
        Assert.False(pool.TryAdd(Guid.Empty, new byte[100]));
        Assert.Empty(_store.Open(PsrdBlocks.Pool));
    }

    [Fact]
    public void Invariant_1_A_stop_forfeits_the_open_windows()
    {
        var blocks = new PsrdBlocks(seed: 1, 2000);
        var stopped = blocks.OpenReceiver(_store);
        stopped.Take(blocks.Run(0, 600, 10));
        stopped.Dispose();
        Assert.Equal(PsrdOutcome.AlreadyUsed, stopped.TryRead(new Allocation(blocks.Run(0, 0, 32)), out _));

        using var pool = new PeerPool(_store, PsrdBlocks.Pool);

        Assert.Equal(2000 - 1024, pool.AvailableBytes);
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 0, 32)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 1000, 32)));
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 1024, 32)));
    }

    [Fact]
    public void A_floor_off_the_grid_is_nothing_special()
    {
        var blocks = new PsrdBlocks(seed: 1, 2000);
        _store.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data, confirmed: true).Skip(700);
        using var pool = new PeerPool(_store, PsrdBlocks.Pool);

        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 800, 32)));

        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.TryRead(new Allocation(blocks.Run(0, 600, 32)), out _));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 699, 2)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 0, 32)));
        Assert.Equal(PsrdOutcome.Ok, pool.TryRead(new Allocation(blocks.Run(0, 700, 32)), out var key));
        Assert.Equal(blocks.All[0].Data[700..732], key);
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 700, 100), blocks.Run(0, 832, 1168)));
        Assert.Empty(pool.GetStatus());
    }
}
