using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Unit.Psrd;

/// <summary>What every <see cref="IPsrdStore"/> promises. A kind of storage proves it by deriving a test class from this one.</summary>
public abstract class PsrdStoreContract
{
    private static readonly Guid First = Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c");
    private static readonly Guid Second = Guid.Parse("634ee667-29a3-4583-b275-5b8d9f4c1e2c");
    private static readonly PsrdPoolKey ClientOwned = new(NodeName.Parse("hank"), PoolOwner.Client);
    private static readonly PsrdPoolKey HubOwned = new(NodeName.Parse("hank"), PoolOwner.Hub);
    private static readonly PsrdPoolKey OfAnotherPeer = new(NodeName.Parse("helen"), PoolOwner.Client);

    /// <summary>The storage under test, empty at first.</summary>
    protected abstract IPsrdStore Store { get; }

    /// <summary>Opens the storage anew, as after a stop; storage that is gone with the process stays open.</summary>
    protected abstract void Reopen();

    [Fact]
    public void A_pool_that_was_never_added_to_is_empty()
    {
        Assert.Empty(Store.Open(ClientOwned));
    }

    [Fact]
    public void A_new_block_is_all_there()
    {
        var data = RandomData(1000);

        var block = Store.Add(ClientOwned, First, data, confirmed: true);

        Assert.Equal((First, 1000, 0, true), (block.Id, block.Size, block.Floor, block.IsConfirmed));
        Assert.Equal(data, Peek(block, 0, 1000));
    }

    [Fact]
    public void Blocks_come_back_in_the_order_in_which_they_were_added()
    {
        var ids = Enumerable.Range(0, 20).Select(i => new Guid(RandomData(16, seed: i))).ToList();
        ids.ForEach(id => Store.Add(ClientOwned, id, RandomData(10), confirmed: true));
        Reopen();

        Assert.Equal(ids, Store.Open(ClientOwned).Select(block => block.Id));
    }

    [Fact]
    public void Pools_are_kept_apart_by_peer_and_by_owner()
    {
        var pools = new[] { ClientOwned, HubOwned, OfAnotherPeer };
        for (var i = 0; i < pools.Length; i++)
        {
            Store.Add(pools[i], First, RandomData(100, seed: i), confirmed: true);
        }

        Store.Open(pools[0])[0].Lease(50, new byte[50]);
        Store.Remove(pools[1], First);
        Reopen();

        Assert.Equal(50, Assert.Single(Store.Open(pools[0])).Floor);
        Assert.Empty(Store.Open(pools[1]));
        Assert.Equal(RandomData(100, seed: 2), Peek(Assert.Single(Store.Open(pools[2])), 0, 100));
    }

    [Fact]
    public void The_data_is_copied()
    {
        var data = RandomData(100);
        var block = Store.Add(ClientOwned, First, data, confirmed: true);

        data.AsSpan().Clear();

        Assert.Equal(RandomData(100), Peek(block, 0, 100));
    }

    [Fact]
    public void An_empty_block_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Store.Add(ClientOwned, First, default, confirmed: true));
        Assert.Empty(Store.Open(ClientOwned));
    }

    [Fact]
    public void A_block_is_refused_when_the_pool_holds_its_UUID()
    {
        Store.Add(ClientOwned, First, RandomData(100), confirmed: true);

        Assert.Throws<ArgumentException>(() => Store.Add(ClientOwned, First, RandomData(200, seed: 5), confirmed: true));

        Assert.Equal(RandomData(100), Peek(Assert.Single(Store.Open(ClientOwned)), 0, 100));
    }

    [Fact]
    public void Invariant_1_Bytes_leave_a_block_once()
    {
        var data = RandomData(1000);
        var block = Store.Add(ClientOwned, First, data, confirmed: true);

        Assert.Equal(data[..300], Lease(block, 300));
        Assert.Equal(data[300..301], Lease(block, 301));
        Assert.Equal(301, block.Floor);
        Assert.Throws<ArgumentOutOfRangeException>(() => Lease(block, 301));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Lease(300, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Peek(block, 300, 1));
        Assert.Equal(data[301..], Peek(block, 301, 699));
        Assert.Equal(data[301..], Lease(block, 1000));
    }

    [Fact]
    public void Invariant_1_A_floor_outlives_a_stop()
    {
        var data = RandomData(1000);
        Lease(Store.Add(ClientOwned, First, data, confirmed: true), 600);
        Reopen();

        var block = Assert.Single(Store.Open(ClientOwned));

        Assert.Equal((1000, 600), (block.Size, block.Floor));
        Assert.Throws<ArgumentOutOfRangeException>(() => Peek(block, 599, 1));
        Assert.Equal(data[600..], Lease(block, 1000));
    }

    [Fact]
    public void Invariant_1_Bytes_that_were_skipped_are_given_up()
    {
        var data = RandomData(1000);
        var block = Store.Add(ClientOwned, First, data, confirmed: true);

        block.Skip(400);
        block.Skip(401);
        Reopen();
        block = Assert.Single(Store.Open(ClientOwned));

        Assert.Equal(401, block.Floor);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Skip(401));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Skip(1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => Peek(block, 400, 1));
        Assert.Equal(data[401..], Lease(block, 1000));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1001)]
    [InlineData(1000, 1)]
    [InlineData(999, 2)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, 1)]
    public void Reading_beyond_a_block_is_refused(long start, int count)
    {
        var block = Store.Add(ClientOwned, First, RandomData(1000), confirmed: true);

        Assert.Throws<ArgumentOutOfRangeException>(() => Peek(block, start, count));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1001, 1001)]
    [InlineData(100, 99)]
    [InlineData(100, 101)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, 0)]
    public void A_lease_that_does_not_fit_is_refused_and_changes_nothing(long newFloor, int length)
    {
        var data = RandomData(1000);
        var block = Store.Add(ClientOwned, First, data, confirmed: true);

        Assert.Throws<ArgumentOutOfRangeException>(() => block.Lease(newFloor, new byte[length]));

        Assert.Equal(0, block.Floor);
        Assert.Equal(data, Peek(block, 0, 1000));
    }

    [Fact]
    public void A_used_up_block_is_not_opened_again()
    {
        Lease(Store.Add(ClientOwned, First, RandomData(100), confirmed: true), 100);
        Store.Add(ClientOwned, Second, RandomData(100), confirmed: true).Skip(100);
        Reopen();

        Assert.Empty(Store.Open(ClientOwned));
    }

    [Fact]
    public void A_removed_block_is_forgotten_and_hands_nothing_out()
    {
        var removed = Store.Add(ClientOwned, First, RandomData(100), confirmed: true);
        Store.Add(ClientOwned, Second, RandomData(100, seed: 2), confirmed: true);

        Store.Remove(ClientOwned, First);
        Store.Remove(ClientOwned, First);

        Assert.ThrowsAny<InvalidOperationException>(() => Peek(removed, 0, 1));
        Assert.ThrowsAny<InvalidOperationException>(() => Lease(removed, 1));
        Reopen();
        Assert.Equal(Second, Assert.Single(Store.Open(ClientOwned)).Id);
    }

    [Fact]
    public void A_block_is_confirmed_for_good()
    {
        var block = Store.Add(ClientOwned, First, RandomData(100), confirmed: false);
        Store.Add(ClientOwned, Second, RandomData(100), confirmed: false);
        Assert.False(block.IsConfirmed);

        block.Confirm();
        block.Confirm();
        Assert.True(block.IsConfirmed);
        Reopen();

        Assert.Equal([true, false], Store.Open(ClientOwned).Select(opened => opened.IsConfirmed));
    }

    [Fact]
    public void The_age_of_a_block_outlives_a_stop()
    {
        var addedAt = Store.Add(ClientOwned, First, RandomData(100), confirmed: false).AddedAt;
        Reopen();

        Assert.Equal(addedAt, Assert.Single(Store.Open(ClientOwned)).AddedAt, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_block_stays_known_once_it_is_gone()
    {
        Assert.False(Store.Knows(ClientOwned, First));
        Store.Add(ClientOwned, First, RandomData(100), confirmed: true);
        Lease(Store.Add(ClientOwned, Second, RandomData(100), confirmed: true), 100);
        Assert.True(Store.Knows(ClientOwned, First));

        Store.Remove(ClientOwned, First);
        Store.Remove(ClientOwned, Second);
        Reopen();

        Assert.True(Store.Knows(ClientOwned, First));
        Assert.True(Store.Knows(ClientOwned, Second));
        Assert.False(Store.Knows(HubOwned, First));
        Assert.False(Store.Knows(OfAnotherPeer, First));
    }

    [Fact]
    public void Invariant_1_A_block_that_is_gone_does_not_come_to_life_again()
    {
        Store.Add(ClientOwned, First, RandomData(100), confirmed: true);
        Store.Remove(ClientOwned, First);
        Reopen();

        Assert.Throws<ArgumentException>(() => Store.Add(ClientOwned, First, RandomData(100), confirmed: true));
        Assert.Throws<ArgumentException>(() => Store.Add(ClientOwned, First, 100, (_, piece) => piece.Fill(1)));

        Assert.Empty(Store.Open(ClientOwned));
    }

    [Fact]
    public void A_block_can_be_added_piece_by_piece()
    {
        var data = RandomData(1_000_000);
        long expected = 0;

        Store.Add(ClientOwned, First, data.Length, Fill, confirmed: false);
        Reopen();

        var block = Assert.Single(Store.Open(ClientOwned));
        Assert.Equal((First, data.Length, 0, false), (block.Id, block.Size, block.Floor, block.IsConfirmed));
        Assert.Equal(data.Length, expected);
        Assert.Equal(data, Lease(block, data.Length));

        void Fill(long offset, Span<byte> piece)
        {
            Assert.Equal(expected, offset);
            data.AsSpan((int)offset, piece.Length).CopyTo(piece);
            expected += piece.Length;
        }
    }

    [Fact]
    public void A_block_whose_pieces_fail_is_not_added()
    {
        var calls = 0;

        Assert.Throws<NotSupportedException>(() => Store.Add(ClientOwned, First, 1_000_000, Fail));

        Assert.True(calls > 0);
        Assert.Empty(Store.Open(ClientOwned));
        Assert.False(Store.Knows(ClientOwned, First));
        Store.Add(ClientOwned, First, RandomData(100));
        Reopen();
        Assert.Equal(RandomData(100), Lease(Assert.Single(Store.Open(ClientOwned)), 100));

        void Fail(long offset, Span<byte> piece)
        {
            calls++;
            piece.Fill(1);
            if (offset + piece.Length == 1_000_000)
            {
                throw new NotSupportedException();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_block_without_bytes_is_refused(long size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.Add(ClientOwned, First, size, (_, _) => { }));
        Assert.Throws<ArgumentNullException>(() => Store.Add(ClientOwned, First, 10, null!));
        Assert.False(Store.Knows(ClientOwned, First));
    }

    [Fact]
    public async Task Different_pools_are_used_at_the_same_time()
    {
        var data = RandomData(4096);
        var pools = Enumerable.Range(0, 8).Select(i => new PsrdPoolKey(NodeName.Parse($"hub{i}"), PoolOwner.Client)).ToList();

        await Parallel.ForEachAsync(pools, TestContext.Current.CancellationToken, (pool, _) =>
        {
            for (var i = 0; i < 20; i++)
            {
                var id = new Guid(RandomData(16, seed: i));
                var block = Store.Add(pool, id, data, confirmed: true);
                Assert.Equal(data[..512], Lease(block, 512));
                Assert.Equal(data[512..1024], Lease(Store.Open(pool)[0], 1024));
                Store.Remove(pool, id);
            }

            Store.Add(pool, First, data, confirmed: true);
            return ValueTask.CompletedTask;
        });

        Assert.All(pools, pool => Assert.Equal(data, Peek(Assert.Single(Store.Open(pool)), 0, data.Length)));
    }

    private static byte[] RandomData(int size, int seed = 1)
    {
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static byte[] Peek(IPsrdBlock block, long start, int count)
    {
        var bytes = new byte[count];
        block.Peek(start, bytes);
        return bytes;
    }

    private static byte[] Lease(IPsrdBlock block, long newFloor)
    {
        var bytes = new byte[newFloor - block.Floor];
        block.Lease(newFloor, bytes);
        return bytes;
    }
}
