using Dske.Protocol.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Psrd;

/// <summary>How the ends of a pool agree on blocks and positions.</summary>
[Trait("Tier", "Unit")]
public sealed class PoolSyncTests : IDisposable
{
    private const int Size = 4096;

    private readonly PsrdBlocks _blocks = new(1, Size, Size, Size);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryPsrdStore _ownersStore;
    private readonly InMemoryPsrdStore _receiversStore;

    public PoolSyncTests() => (_ownersStore, _receiversStore) = (new(_time), new(_time));

    public void Dispose()
    {
        _ownersStore.Dispose();
        _receiversStore.Dispose();
    }

    [Fact]
    public void The_owner_states_its_next_byte_and_the_receiver_the_byte_after_the_last_one_that_it_has_seen_used()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        using var receiver = _blocks.OpenReceiver(_receiversStore);
        owner.Allocate(32);
        owner.Allocate(32);
        Assert.Equal(PsrdOutcome.Ok, receiver.Take(_blocks.Run(0, 32, 32)));

        Assert.Equal([At(0, 64), At(1, 0), At(2, 0)], owner.GetPositions(withPending: false));
        Assert.Equal([At(0, 64), At(1, 0), At(2, 0)], receiver.GetPositions(withPending: false));
    }

    [Fact]
    public void Invariant_1_The_owner_moves_on_to_where_the_receiver_is_and_never_back()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        owner.Allocate(100);

        Assert.True(owner.TryAdopt([At(0, 300), At(1, 0), At(2, 0)], confirms: true));
        Assert.Equal(_blocks.Run(0, 300, 32), owner.Allocate(32)!.Value.Named.Fragments[0]);
        Assert.True(owner.TryAdopt([At(0, 0), At(1, 0), At(2, 0)], confirms: true));
        Assert.Equal(_blocks.Run(0, 332, 32), owner.Allocate(32)!.Value.Named.Fragments[0]);
    }

    [Fact]
    public void Invariant_1_A_position_beyond_what_storage_has_leased_tells_that_it_was_set_back()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        owner.Allocate(100);

        Assert.True(owner.TryAdopt([At(0, WindowGrid.WindowSize(Size)), At(1, 0), At(2, 0)], confirms: true));
        Assert.False(owner.TryAdopt([At(0, WindowGrid.WindowSize(Size) + 1), At(1, 0), At(2, 0)], confirms: true));
        Assert.False(owner.TryAdopt([At(0, 0), At(1, 1), At(2, 0)], confirms: true));
    }

    [Fact]
    public void Invariant_1_A_block_that_the_receiver_has_no_more_though_the_owner_has_not_leased_all_of_it_tells_that_one_was_set_back()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        var before = owner.GetPositions(withPending: true);

        Assert.False(owner.TryAdopt([At(1, 0), At(2, 0)], confirms: false));

        Assert.Equal(before, owner.GetPositions(withPending: true));
    }

    [Fact]
    public void A_block_that_is_all_leased_and_that_the_receiver_has_no_more_is_given_up_by_the_owner()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        owner.Allocate(Size - 1);

        Assert.True(owner.TryAdopt([At(1, 0), At(2, 0)], confirms: false));

        Assert.Equal([At(1, 0), At(2, 0)], owner.GetPositions(withPending: true));
        Assert.DoesNotContain(_ownersStore.Open(PsrdBlocks.Pool), block => block.Id == _blocks[0]);
    }

    [Fact]
    public void Nothing_is_allocated_from_or_taken_out_of_a_block_that_waits()
    {
        using var owner = new LocalPool(_ownersStore, PsrdBlocks.Pool);
        using var receiver = new PeerPool(_receiversStore, PsrdBlocks.Pool);
        Assert.True(owner.TryAdd(_blocks[0], _blocks.All[0].Data, confirmed: false));
        Assert.True(receiver.TryAdd(_blocks[0], _blocks.All[0].Data, confirmed: false));

        Assert.Null(owner.Allocate(32));
        Assert.Equal((0, 0), (owner.AvailableBytes, receiver.AvailableBytes));
        Assert.Equal(PsrdOutcome.UnknownBlock, receiver.Take(_blocks.Run(0, 0, 32)));
        Assert.Equal(PsrdOutcome.UnknownBlock, receiver.TryRead(new Allocation(_blocks.Run(0, 0, 32)), out _));
        Assert.Empty(owner.GetPositions(withPending: false));
        Assert.Equal([At(0, 0)], receiver.GetPositions(withPending: true));
    }

    [Fact]
    public void A_sync_confirms_what_both_have_and_gives_up_what_one_of_them_does_not()
    {
        using var owner = new LocalPool(_ownersStore, PsrdBlocks.Pool);
        using var receiver = new PeerPool(_receiversStore, PsrdBlocks.Pool);
        foreach (var (id, data) in _blocks.All)
        {
            owner.TryAdd(id, data, confirmed: false);
            receiver.TryAdd(id, data, confirmed: false);
        }

        Assert.True(owner.TryAdopt([At(2, 0), At(0, 0)], confirms: true));
        receiver.Adopt(owner.GetPositions(withPending: false), fresh: false, _time);

        Assert.Equal([At(2, 0), At(0, 0)], owner.GetPositions(withPending: true));
        Assert.Equal([At(2, 0), At(0, 0)], receiver.GetPositions(withPending: true));
        Assert.Equal(_blocks.Run(2, 0, 32), owner.Allocate(32)!.Value.Named.Fragments[0]);
        Assert.True(_ownersStore.Knows(PsrdBlocks.Pool, _blocks[1]));
    }

    [Fact]
    public void What_is_said_out_of_band_confirms_nothing_and_gives_up_nothing_that_waits()
    {
        using var owner = new LocalPool(_ownersStore, PsrdBlocks.Pool);
        owner.TryAdd(_blocks[0], _blocks.All[0].Data, confirmed: false);

        Assert.True(owner.TryAdopt([], confirms: false));

        Assert.Equal([At(0, 0)], owner.GetPositions(withPending: true));
        Assert.Equal(0, owner.AvailableBytes);
    }

    [Fact]
    public void Invariant_1_A_receiver_that_started_again_takes_nothing_from_before_the_owners_position()
    {
        using var receiver = _blocks.OpenReceiver(_receiversStore);
        receiver.Take(_blocks.Run(0, 0, 32));

        receiver.Adopt([At(0, 100), At(1, 0)], fresh: true, _time);

        Assert.Equal(PsrdOutcome.AlreadyUsed, receiver.Take(_blocks.Run(0, 64, 32)));
        Assert.Equal(PsrdOutcome.AlreadyUsed, receiver.Take(_blocks.Run(0, 99, 32)));
        Assert.Equal(PsrdOutcome.Ok, receiver.Take(_blocks.Run(0, 100, 32)));
        Assert.Equal([At(0, 132), At(1, 0)], receiver.GetPositions(withPending: false));
    }

    [Fact]
    public void Messages_under_way_are_still_taken_after_a_sync()
    {
        using var receiver = _blocks.OpenReceiver(_receiversStore);

        receiver.Adopt([At(0, 100), At(1, 0), At(2, 0)], fresh: false, _time);

        Assert.Equal(PsrdOutcome.Ok, receiver.Take(_blocks.Run(0, 32, 32)));
    }

    [Fact]
    public void Invariant_5_A_block_that_the_owner_lists_no_more_goes_half_a_minute_later()
    {
        using var receiver = _blocks.OpenReceiver(_receiversStore);
        receiver.Take(_blocks.Run(0, 32, 32));
        receiver.Adopt([At(1, 0), At(2, 0)], fresh: false, _time);
        Assert.Equal(PsrdOutcome.Ok, receiver.Take(_blocks.Run(0, 0, 32)));

        _time.Advance(PeerPool.UnlistedTime - TimeSpan.FromMilliseconds(1));
        receiver.Adopt([At(1, 0), At(2, 0)], fresh: false, _time);
        Assert.Equal(3, receiver.BlockCount);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        receiver.Adopt([At(1, 0), At(2, 0)], fresh: false, _time);

        Assert.Equal([At(1, 0), At(2, 0)], receiver.GetPositions(withPending: true));
        Assert.Equal(PsrdOutcome.AlreadyUsed, receiver.Take(_blocks.Run(0, 64, 32)));
        Assert.DoesNotContain(_receiversStore.Open(PsrdBlocks.Pool), block => block.Id == _blocks[0]);
    }

    [Fact]
    public void Blocks_that_wait_are_few_and_do_not_wait_for_long()
    {
        using var owner = new LocalPool(_ownersStore, PsrdBlocks.Pool);
        for (var i = 0; i < 3; i++)
        {
            owner.TryAdd(_blocks[i], _blocks.All[i].Data, confirmed: false);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        owner.DropPending(DateTimeOffset.MinValue, keep: 2);
        Assert.Equal([At(1, 0), At(2, 0)], owner.GetPositions(withPending: true));
        owner.DropPending(_time.GetUtcNow() - TimeSpan.FromSeconds(1.5), keep: 2);
        Assert.Equal([At(2, 0)], owner.GetPositions(withPending: true));
        Assert.Equal(_blocks[2], Assert.Single(_ownersStore.Open(PsrdBlocks.Pool)).Id);
    }

    [Fact]
    public void What_a_peer_lists_beyond_reason_does_no_harm()
    {
        using var owner = _blocks.OpenOwner(_ownersStore);
        using var receiver = _blocks.OpenReceiver(_receiversStore);
        BlockPosition[] nonsense = [At(0, long.MaxValue), At(0, -1), At(1, long.MinValue), At(2, 0), new BlockPosition(Guid.Empty, 5)];

        receiver.Adopt(nonsense, fresh: true, _time);

        Assert.Equal([At(0, 0), At(1, 0), At(2, 0)], receiver.GetPositions(withPending: true));
        Assert.False(owner.TryAdopt(nonsense, confirms: true));
        Assert.Equal([At(0, 0), At(1, 0), At(2, 0)], owner.GetPositions(withPending: true));
    }

    private BlockPosition At(int block, long position) => new(_blocks[block], position);
}
