using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Persistence;

[Trait("Tier", "Unit")]
public sealed class InMemoryHubStateStoreTests : HubStateStoreContract, IDisposable
{
    private readonly InMemoryHubStateStore _store = new(SystemEntropySource.Instance);

    protected override IHubStateStore Store => _store;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Removed_shares_are_erased_and_disposal_erases_the_rest()
    {
        var values = new[] { 1, 2, 3 }.Select(seed => new PsrdBlocks(seed, 64).All[0].Data).ToArray();
        var held = new List<ShareRecord>();
        foreach (var value in values)
        {
            using var given = SecretBytes.CopyOf(value);
            var share = HubStateStoreExtensions.Waiting(new Guid(value[..16]), given);
            await _store.SaveShareAsync(share);
            held.Add(share with { Value = null! });
        }

        _store.RemoveShare(held[0]);
        Assert.False(ReachableMemory.Holds([values[0]], _store));
        Assert.True(ReachableMemory.Holds([values[1]], _store));

        _store.Dispose();
        Assert.False(ReachableMemory.Holds(values, _store));
    }

    protected override void Reopen()
    {
        // Gone with the process: there is nothing to open again.
    }
}
