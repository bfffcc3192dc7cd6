using Dske.Protocol.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Psrd;

[Trait("Tier", "Unit")]
public sealed class InMemoryPsrdStoreTests : PsrdStoreContract, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly InMemoryPsrdStore _store;

    public InMemoryPsrdStoreTests() => _store = new InMemoryPsrdStore(_time);

    protected override IPsrdStore Store => _store;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Invariant_5_Leased_and_skipped_bytes_are_erased_the_others_kept()
    {
        var blocks = new PsrdBlocks(seed: 1, 3000);
        var data = blocks.All[0].Data;
        var block = _store.Add(PsrdBlocks.Pool, blocks[0], data);

        block.Lease(1000, new byte[1000]);
        block.Skip(2000);

        Assert.False(ReachableMemory.Holds([data[..2000]], _store));
        Assert.True(ReachableMemory.Holds([data[2000..]], _store));
    }

    [Fact]
    public void Invariant_5_A_removed_block_is_erased()
    {
        var blocks = new PsrdBlocks(seed: 1, 100, 100);
        var removed = _store.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data);
        _store.Add(PsrdBlocks.Pool, blocks[1], blocks.All[1].Data);

        _store.Remove(PsrdBlocks.Pool, blocks[0]);

        Assert.False(ReachableMemory.Holds([blocks.All[0].Data], _store, removed));
        Assert.True(ReachableMemory.Holds([blocks.All[1].Data], _store));
    }

    [Fact]
    public void Invariant_5_Disposal_erases_everything()
    {
        var blocks = new PsrdBlocks(seed: 1, 100, 100_000);
        var held = blocks.All.Select(block => _store.Add(PsrdBlocks.Pool, block.Id, block.Data)).ToList();

        _store.Dispose();

        Assert.False(ReachableMemory.Holds(blocks.All.Select(block => block.Data), [_store, .. held]));
    }

    [Fact]
    public void A_block_says_when_it_was_added()
    {
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(Now.AddMinutes(3), _store.Add(PsrdBlocks.Pool, Guid.Empty, [1]).AddedAt);
    }

    protected override void Reopen()
    {
        // Gone with the process: there is nothing to open again.
    }
}
