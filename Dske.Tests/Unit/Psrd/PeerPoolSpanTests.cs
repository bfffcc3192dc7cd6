using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>How far apart the allocations of a peer may arrive: 4 MiB ahead of storage's floor, 8 MiB of leased bytes behind.</summary>
[Trait("Tier", "Unit")]
public sealed class PeerPoolSpanTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;
    private const int Window = WindowGrid.MaxWindow;

    private readonly ObservedPsrdStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Invariant_3_A_jump_of_4_MiB_is_taken_and_one_byte_more_is_refused()
    {
        var blocks = new PsrdBlocks(seed: 1, 6 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        var before = pool.Describe();

        Assert.Equal(PsrdOutcome.JumpTooFar, pool.Take(blocks.Run(0, (4 * Mebibyte) - 31, 32)));
        Assert.Equal(PsrdOutcome.JumpTooFar, pool.Take(blocks.Run(0, (6 * Mebibyte) - 32, 32)));
        Assert.Equal(PsrdOutcome.JumpTooFar, pool.Take(blocks.Run(0, 0, 16), blocks.Run(0, 5 * Mebibyte, 16)));
        Assert.Equal((before, 0), (pool.Describe(), _store.Leases));

        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, (4 * Mebibyte) - 32, 32)));
        Assert.Equal((1, 4L * Mebibyte), (_store.Leases, _store.LeasedBytes));
    }

    [Fact]
    public void A_jump_is_measured_from_the_floor_and_over_all_untouched_blocks_on_its_way()
    {
        var blocks = new PsrdBlocks(seed: 1, Mebibyte, Mebibyte, Mebibyte, Mebibyte, Mebibyte);
        using var pool = blocks.OpenReceiver(_store);

        Assert.Equal(PsrdOutcome.JumpTooFar, pool.Take(blocks.Run(4, 0, 32)));
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(3, Mebibyte - 32, 32)));
        Assert.Equal(Mebibyte, _store.LeasedBytes);

        // The block that was leased is no distance any more.
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(4, Mebibyte - 32, 32)));
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 0, 32)));
    }

    [Fact]
    public void Invariant_2_A_jump_is_readable_since_a_signature_has_to_be_checked_first()
    {
        var blocks = new PsrdBlocks(seed: 1, 6 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        var far = new Allocation(blocks.Run(0, (6 * Mebibyte) - 32, 32));

        Assert.Equal(PsrdOutcome.Ok, pool.TryRead(far, out var key));

        Assert.Equal(blocks.Cut(far), key);
        Assert.Equal(0, _store.Leases);
    }

    [Fact]
    public void Invariant_2_A_pad_that_jumps_too_far_costs_the_signing_key_alone()
    {
        var blocks = new PsrdBlocks(seed: 1, 6 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        var pad = new byte[32];

        Assert.True(pool.TryTake(new Allocation(blocks.Run(0, 0, 32)), 32, new Allocation(blocks.Run(0, 5 * Mebibyte, 32)), pad, out var outcome));

        Assert.Equal(PsrdOutcome.JumpTooFar, outcome);
        Assert.Equal(new byte[32], pad);
        Assert.Equal((6L * Mebibyte) - 32, pool.AvailableBytes);
        Assert.Equal(Window, _store.LeasedBytes);
    }

    [Fact]
    public void Holes_older_than_the_last_8_MiB_are_erased()
    {
        var blocks = new PsrdBlocks(seed: 1, 20 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        pool.Take(blocks.Run(0, (4 * Mebibyte) - 32, 32));
        pool.Take(blocks.Run(0, (8 * Mebibyte) - 32, 32));
        Assert.Equal((20L * Mebibyte) - 64, pool.AvailableBytes);

        // One window more: the oldest one has to go, which leaves exactly 8 MiB.
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 8 * Mebibyte, 32)));

        Assert.Equal((20L * Mebibyte) - 96 - Window, pool.AvailableBytes);
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 0, 32)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, Window - 1, 2)));
        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, Window, 32)));
        Assert.False(ReachableMemory.Holds([blocks.All[0].Data[..Window]], pool, _store));
    }

    [Fact]
    public void Windows_that_were_used_up_do_not_count_against_the_holes()
    {
        var blocks = new PsrdBlocks(seed: 1, 20 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        pool.Take(blocks.Run(0, 32, 32));

        for (var at = Window; at + Mebibyte <= 20 * Mebibyte; at += Mebibyte)
        {
            Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, at, Mebibyte)));
        }

        Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(0, 0, 32)));
    }

    [Fact]
    public void A_block_goes_with_its_last_hole()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000, 4 * Mebibyte, 4 * Mebibyte, 4 * Mebibyte);
        using var pool = blocks.OpenReceiver(_store);
        pool.Take(blocks.Run(0, 968, 32));
        for (var block = 1; block < 4; block++)
        {
            Assert.Equal(PsrdOutcome.Ok, pool.Take(blocks.Run(block, (4 * Mebibyte) - 32, 32)));
        }

        Assert.DoesNotContain(blocks[0], pool.GetStatus().Select(block => block.BlockId));
        Assert.DoesNotContain(blocks[0], _store.Open(PsrdBlocks.Pool).Select(block => block.Id));
        Assert.Equal(PsrdOutcome.AlreadyUsed, pool.Take(blocks.Run(0, 0, 32)));
    }
}
