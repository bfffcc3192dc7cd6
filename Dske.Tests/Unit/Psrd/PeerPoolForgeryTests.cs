using CsCheck;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>What a peer, or somebody who poses as one, can name in a message.</summary>
[Trait("Tier", "Unit")]
public sealed class PeerPoolForgeryTests : IDisposable
{
    private static readonly PsrdBlocks Blocks = new(seed: 1, 1000, 333);

    private static readonly Gen<long> HostileNumber = Gen.OneOf(
        Gen.OneOf<long>(0, 1, -1, 31, 32, 33, 332, 333, 334, 968, 999, 1000, 1001, int.MaxValue, 1L + int.MaxValue, int.MinValue),
        Gen.OneOf(long.MaxValue, long.MaxValue - 32, long.MinValue, long.MinValue + 32),
        Gen.Long,
        Gen.Long[0, 1000]);

    private static readonly Gen<Fragment> HostileFragment =
        Gen.Select(Gen.OneOf(Blocks[0], Blocks[1], Guid.Empty), HostileNumber, HostileNumber, (block, start, size) => new Fragment(block, start, size));

    private readonly ObservedPsrdStore _store = new();
    private readonly PeerPool _pool;

    public PeerPoolForgeryTests() => _pool = Blocks.OpenReceiver(_store);

    public void Dispose()
    {
        _pool.Dispose();
        _store.Dispose();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(10, -5)]
    [InlineData(-1, 32)]
    [InlineData(-32, 32)]
    [InlineData(969, 32)]
    [InlineData(1000, 32)]
    [InlineData(0, 1001)]
    [InlineData(long.MaxValue, 32)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, 32)]
    [InlineData(long.MinValue, long.MinValue)]
    [InlineData(0, long.MaxValue)]
    [InlineData(1, long.MaxValue)]
    [InlineData(0, int.MaxValue)]
    [InlineData(0, 1L + int.MaxValue)]
    public void Invariant_3_A_fragment_that_does_not_lie_in_its_block_is_refused(long start, long size)
    {
        var named = new Allocation(new Fragment(Blocks[0], start, size));
        var before = _pool.Describe();

        var fits = size is > 0 and <= int.MaxValue ? (int)size : 0;

        Assert.True(_pool.TryRead(named, out _, size: fits <= 2000 ? fits : 0) is PsrdOutcome.OutOfRange or PsrdOutcome.WrongSize);
        Assert.True(_pool.TryRead(named, out _, size: 32) is PsrdOutcome.OutOfRange or PsrdOutcome.WrongSize);
        Assert.False(_pool.TryTake(named, fits, null, default, out var outcome));

        Assert.Equal(size is >= 0 and <= int.MaxValue ? PsrdOutcome.OutOfRange : PsrdOutcome.WrongSize, outcome);
        Assert.Equal(before, _pool.Describe());
        Assert.Equal(0, _store.Leases);
    }

    [Fact]
    public void Invariant_3_An_empty_fragment_among_others_is_refused()
    {
        var named = new Allocation(Blocks.Run(0, 0, 32), Blocks.Run(0, 100, 0));

        Assert.Equal(PsrdOutcome.OutOfRange, _pool.TryRead(named, out _, size: 32));
    }

    [Fact]
    public void Invariant_2_Whatever_a_message_names_reading_it_changes_nothing_and_throws_nothing() =>
        HostileFragment.Array[0, 20].Sample(
            fragments =>
            {
                _pool.TryRead(new Allocation(fragments), out _, size: 32);

                Assert.Equal(1333, _pool.AvailableBytes);
                Assert.Equal(0, _store.Leases);
            },
            threads: 1);

    [Fact]
    public void Invariant_2_What_is_refused_as_a_signing_key_changes_nothing() =>
        Gen.Select(HostileFragment.Array[0, 20], HostileFragment.Array[0, 5]).Sample((key, pad) =>
        {
            using var store = new InMemoryPsrdStore();
            using var pool = Blocks.OpenReceiver(store);
            var (keyAllocation, padAllocation) = (new Allocation(key), new Allocation(pad));
            var bytes = new byte[Math.Clamp(padAllocation.Size, 0, 2000)];

            var readable = pool.TryRead(keyAllocation, out _, size: 32);
            var taken = pool.TryTake(keyAllocation, 32, padAllocation, bytes, out var outcome);

            Assert.Equal(readable == PsrdOutcome.Ok, taken);
            var used = !taken ? 0 : outcome == PsrdOutcome.Ok ? 32 + bytes.Length : 32;
            Assert.Equal(1333 - used, pool.AvailableBytes);
            Assert.Equal(taken && outcome == PsrdOutcome.Ok ? Blocks.Cut(padAllocation) : new byte[bytes.Length], bytes);
        });

    [Fact]
    public void Invariant_2_A_bad_pad_costs_its_message_the_signing_key_and_nothing_else()
    {
        _pool.Take(Blocks.Run(0, 0, 100));
        (Allocation Pad, int Size, PsrdOutcome Outcome)[] bad =
        [
            (new Allocation(), 0, PsrdOutcome.WrongSize),
            (new Allocation(), 16, PsrdOutcome.WrongSize),
            (new Allocation(Blocks.Run(0, 900, 15)), 16, PsrdOutcome.WrongSize),
            (new Allocation(Blocks.Run(0, 900, 17)), 16, PsrdOutcome.WrongSize),
            (new Allocation(Blocks.Run(0, 900, 0)), 0, PsrdOutcome.OutOfRange),
            (new Allocation(Blocks.Run(0, 900, -16)), 16, PsrdOutcome.WrongSize),
            (new Allocation(Blocks.Run(0, 990, 16)), 16, PsrdOutcome.OutOfRange),
            (new Allocation(Blocks.Run(0, long.MaxValue, 16)), 16, PsrdOutcome.OutOfRange),
            (new Allocation(Blocks.Run(0, 90, 16)), 16, PsrdOutcome.AlreadyUsed),
            (new Allocation(Blocks.Run(0, 900, 8), Blocks.Run(0, 907, 8)), 16, PsrdOutcome.AlreadyUsed),
            (new Allocation(Blocks.Run(1, 0, 8), new Fragment(Guid.Empty, 0, 8)), 16, PsrdOutcome.UnknownBlock),
        ];

        for (var i = 0; i < bad.Length; i++)
        {
            var (pad, bytes) = (bad[i].Pad, new byte[bad[i].Size]);
            var key = new Allocation(Blocks.Run(0, 100 + (32 * i), 32));

            Assert.True(_pool.TryTake(key, 32, pad, bytes, out var outcome));

            Assert.Equal(bad[i].Outcome, outcome);
            Assert.Equal(1233 - (32 * (i + 1)), _pool.AvailableBytes);
            Assert.Equal(new byte[bytes.Length], bytes);
            Assert.Equal(PsrdOutcome.AlreadyUsed, _pool.TryRead(key, out _));
        }
    }

    [Theory]
    [InlineData(200, 16)]
    [InlineData(216, 16)]
    [InlineData(190, 11)]
    [InlineData(231, 1)]
    public void Invariant_2_A_pad_that_overlaps_its_own_signing_key_is_refused(long start, int size)
    {
        var (key, pad) = (new Allocation(Blocks.Run(0, 200, 32)), new byte[size]);

        Assert.True(_pool.TryTake(key, 32, new Allocation(Blocks.Run(0, start, size)), pad, out var outcome));

        Assert.Equal(PsrdOutcome.AlreadyUsed, outcome);
        Assert.Equal(new byte[size], pad);
        Assert.Equal(1333 - 32, _pool.AvailableBytes);
    }

    [Fact]
    public void Invariant_2_When_the_signing_key_is_refused_the_pad_is_not_touched()
    {
        _pool.Take(Blocks.Run(0, 0, 32));
        var (before, pad) = (_pool.Describe(), new byte[16]);

        Assert.False(_pool.TryTake(new Allocation(Blocks.Run(0, 31, 32)), 32, new Allocation(Blocks.Run(0, 500, 16)), pad, out var outcome));

        Assert.Equal(PsrdOutcome.AlreadyUsed, outcome);
        Assert.Equal(before, _pool.Describe());
        Assert.Equal(new byte[16], pad);
    }
}
