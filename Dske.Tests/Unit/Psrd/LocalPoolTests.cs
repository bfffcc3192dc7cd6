using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class LocalPoolTests : IDisposable
{
    private readonly ObservedPsrdStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Pad_and_signing_key_come_from_the_front_the_pad_first()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000);
        using var pool = blocks.OpenOwner(_store);
        var (pad, key) = (new byte[40], new byte[32]);

        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(pad, key, out var padAllocation, out var keyAllocation));

        Assert.Equal([blocks.Run(0, 0, 40)], padAllocation!.Fragments.ToArray());
        Assert.Equal([blocks.Run(0, 40, 32)], keyAllocation!.Fragments.ToArray());
        Assert.Equal(blocks.Cut(padAllocation), pad);
        Assert.Equal(blocks.Cut(keyAllocation), key);
        Assert.Equal(928, pool.AvailableBytes);
    }

    [Fact]
    public void Without_a_pad_only_the_signing_key_is_allocated()
    {
        using var pool = new PsrdBlocks(seed: 1, 1000).OpenOwner(_store);

        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(default, new byte[32], out var pad, out var key));

        Assert.Null(pad);
        Assert.Equal(32, key!.Size);
    }

    [Fact]
    public void An_allocation_spans_blocks_and_has_one_fragment_a_block()
    {
        var blocks = new PsrdBlocks(seed: 1, 700, 10, 5000);
        using var pool = blocks.OpenOwner(_store);

        var (named, bytes) = pool.Allocate(3000)!.Value;

        Assert.Equal([blocks.Run(0, 0, 700), blocks.Run(1, 0, 10), blocks.Run(2, 0, 2290)], named.Fragments.ToArray());
        Assert.Equal(blocks.Cut(named), bytes);
        Assert.Equal([new BlockStatus(blocks[2], 5000, 2710)], pool.GetStatus());
        Assert.Equal(2290, pool.GetStatus()[0].UsedBytes);
    }

    [Theory]
    [InlineData(69, 32)]
    [InlineData(101, 0)]
    [InlineData(0, 101)]
    [InlineData(1_000_000, 32)]
    public void What_exceeds_the_pool_is_refused_whole(int padSize, int keySize)
    {
        using var pool = new PsrdBlocks(seed: 1, 60, 40).OpenOwner(_store);
        var (pad, key, before) = (new byte[padSize], new byte[keySize], pool.Describe());

        Assert.Equal(PsrdOutcome.OutOfPsrd, pool.TryAllocate(pad, key, out var padAllocation, out var keyAllocation));

        Assert.Null(padAllocation);
        Assert.Null(keyAllocation);
        Assert.Equal(before, pool.Describe());
        Assert.Equal(0, _store.Leases);
        Assert.Equal(new byte[padSize], pad);
    }

    [Fact]
    public void The_last_byte_can_be_allocated()
    {
        using var pool = new PsrdBlocks(seed: 1, 60, 40).OpenOwner(_store);

        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(new byte[68], new byte[32], out _, out _));

        Assert.Equal(0, pool.AvailableBytes);
        Assert.Empty(pool.GetStatus());
        Assert.Null(pool.Allocate(1));
    }

    [Fact]
    public void Invariant_3_A_signing_key_has_at_most_sixteen_fragments()
    {
        var sixteen = new PsrdBlocks(seed: 1, Enumerable.Repeat(2, 16));
        using var pool = sixteen.OpenOwner(_store);
        Assert.Equal(Allocation.MaxKeyFragments, pool.Allocate(32)!.Value.Named.Fragments.Length);

        using var narrow = new PsrdBlocks(seed: 2, [1, .. Enumerable.Repeat(2, 15), 1000]).OpenOwner(_store);
        var before = narrow.Describe();
        Assert.Equal(PsrdOutcome.TooFragmented, narrow.TryAllocate(default, new byte[32], out _, out _));
        Assert.Equal(before, narrow.Describe());

        // The pad goes first and may take the small change along.
        Assert.Equal(PsrdOutcome.Ok, narrow.TryAllocate(new byte[16], new byte[32], out _, out _));
    }

    [Fact]
    public void Invariant_3_A_pad_has_at_most_2048_fragments()
    {
        using var pool = new PsrdBlocks(seed: 1, [.. Enumerable.Repeat(1, Allocation.MaxPadFragments), 100]).OpenOwner(_store);

        Assert.Equal(PsrdOutcome.TooFragmented, pool.TryAllocate(new byte[Allocation.MaxPadFragments + 1], new byte[32], out _, out _));
        Assert.Equal(Allocation.MaxPadFragments + 100, pool.AvailableBytes);

        Assert.Equal(PsrdOutcome.Ok, pool.TryAllocate(new byte[Allocation.MaxPadFragments], new byte[32], out var pad, out _));
        Assert.Equal(Allocation.MaxPadFragments, pad!.Fragments.Length);
    }

    [Fact]
    public void A_block_is_added_once()
    {
        var blocks = new PsrdBlocks(seed: 1, 100);
        using var pool = blocks.OpenOwner(_store);

        Assert.False(pool.TryAdd(blocks[0], new byte[50]));

        Assert.Equal(100, pool.AvailableBytes);
        Assert.Equal(blocks.All[0].Data, pool.Allocate(100)!.Value.Bytes);
    }

    [Fact]
    public void Invariant_1_A_used_up_block_that_the_courier_brings_again_is_refused()
    {
        var blocks = new PsrdBlocks(seed: 1, 100);
        using var pool = blocks.OpenOwner(_store);
        pool.Allocate(100);

        Assert.False(pool.TryAdd(blocks[0], blocks.All[0].Data));

        Assert.Equal(0, pool.AvailableBytes);
    }

    [Fact]
    public void An_empty_block_is_refused()
    {
        using var pool = new LocalPool(_store, PsrdBlocks.Pool);

        Assert.Throws<ArgumentException>(() => pool.TryAdd(Guid.Empty, default));
        Assert.Equal(0, pool.AvailableBytes);
    }

    [Fact]
    public void A_window_is_leased_when_it_is_needed_and_not_before()
    {
        using var pool = new PsrdBlocks(seed: 1, 64 * 1024).OpenOwner(_store);
        Assert.Equal(0, _store.Leases);

        pool.Allocate(1024);
        Assert.Equal((1, 1024L), (_store.Leases, _store.LeasedBytes));
        pool.Allocate(1);
        Assert.Equal((2, 2048L), (_store.Leases, _store.LeasedBytes));
        pool.Allocate(1023);
        Assert.Equal((2, 2048L), (_store.Leases, _store.LeasedBytes));
    }

    [Fact]
    public void A_large_allocation_takes_one_durable_step_a_block()
    {
        using var pool = new PsrdBlocks(seed: 1, 1 << 20, 1 << 20).OpenOwner(_store);

        pool.Allocate((1 << 20) + 100);

        Assert.Equal(2, _store.Leases);
    }

    [Fact]
    public void Invariant_5_A_block_is_freed_when_its_last_byte_is_used()
    {
        var blocks = new PsrdBlocks(seed: 1, 600, 600);
        using var pool = blocks.OpenOwner(_store);

        pool.Allocate(600);

        Assert.Equal(blocks[1], Assert.Single(_store.Inner.Open(PsrdBlocks.Pool)).Id);
    }

    [Fact]
    public void Invariant_1_A_stop_forfeits_the_open_window()
    {
        var blocks = new PsrdBlocks(seed: 1, 64 * 1024);
        var stopped = blocks.OpenOwner(_store);
        stopped.Allocate(1);
        stopped.Dispose();

        using var pool = new LocalPool(_store, PsrdBlocks.Pool);

        Assert.Equal(63 * 1024, pool.AvailableBytes);
        Assert.Equal(blocks.Run(0, 1024, 32), pool.Allocate(32)!.Value.Named.Fragments[0]);
    }

    [Fact]
    public void Invariant_1_So_does_a_crash_while_blocks_are_untouched_by_it()
    {
        var blocks = new PsrdBlocks(seed: 1, 700, 64 * 1024);
        blocks.OpenOwner(_store).Allocate(600);

        using var pool = new LocalPool(_store, PsrdBlocks.Pool);

        // 700 bytes are one window of 512 bytes and one of 188: the second was open and is forfeited, and with it the block.
        Assert.Equal([new BlockStatus(blocks[1], 64 * 1024, 64 * 1024)], pool.GetStatus());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Invariant_1_Storage_that_fails_never_makes_a_byte_come_twice(bool floorRose)
    {
        var blocks = new PsrdBlocks(seed: 1, 2000, 2000);
        using var pool = blocks.OpenOwner(_store);
        var first = pool.Allocate(100)!.Value.Named.Fragments[0];
        _store.NextLeaseFails = floorRose;

        Assert.Throws<IOException>(() => pool.Allocate(600));
        var (named, bytes) = pool.Allocate(600)!.Value;

        Assert.True(named.Fragments[0].Start >= first.Start + first.Size);
        Assert.Equal(blocks.Cut(named), bytes);
    }

    [Fact]
    public void A_block_that_storage_cannot_remove_does_not_block_the_next_one()
    {
        var blocks = new PsrdBlocks(seed: 1, 100, 100);
        using var pool = blocks.OpenOwner(_store);
        _store.RemovalsFail = true;

        Assert.Throws<IOException>(() => pool.Allocate(100));
        _store.RemovalsFail = false;

        Assert.Equal([blocks.Run(1, 0, 32)], pool.Allocate(32)!.Value.Named.Fragments.ToArray());
        Assert.Equal(68, pool.AvailableBytes);
    }

    [Fact]
    public void A_cleared_pool_has_nothing_leaves_nothing_and_takes_nothing()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000, 70_000);
        using var pool = blocks.OpenOwner(_store);
        pool.Allocate(10);

        pool.Clear();

        Assert.Equal(0, pool.AvailableBytes);
        Assert.Null(pool.Allocate(1));
        Assert.Empty(_store.Open(PsrdBlocks.Pool));
        Assert.False(ReachableMemory.Holds(blocks.All.Select(block => block.Data), pool, _store));
        Assert.False(pool.TryAdd(Guid.Empty, new byte[100]));
        Assert.Empty(_store.Open(PsrdBlocks.Pool));
    }

    [Fact]
    public void Invariant_5_Used_bytes_are_erased_from_memory_and_storage()
    {
        var blocks = new PsrdBlocks(seed: 1, 5000, 70_000);
        using var pool = blocks.OpenOwner(_store);

        pool.Allocate(100);
        pool.Allocate(5050);

        Assert.False(ReachableMemory.Holds([blocks.All[0].Data, blocks.All[1].Data[..150]], pool, _store));
        Assert.True(ReachableMemory.Holds([blocks.All[1].Data[150..1000]], pool, _store));
    }

    [Fact]
    public void Invariant_5_Disposal_erases_the_open_window()
    {
        var blocks = new PsrdBlocks(seed: 1, 64 * 1024);
        var pool = blocks.OpenOwner(_store);
        pool.Allocate(10);

        pool.Dispose();

        Assert.False(ReachableMemory.Holds([blocks.All[0].Data[..1024]], pool, _store));
    }
}
