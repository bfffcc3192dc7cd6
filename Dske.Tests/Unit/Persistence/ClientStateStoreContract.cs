using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Tests.Unit.Persistence;

/// <summary>What every <see cref="IClientStateStore"/> promises. A kind of storage proves it by deriving a test class from this one.</summary>
public abstract class ClientStateStoreContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 5, TimeSpan.Zero);
    private static readonly NodeName Hank = NodeName.Parse("hank");
    private static readonly NodeName Helen = NodeName.Parse("helen");

    /// <summary>The storage under test, empty at first.</summary>
    protected abstract IClientStateStore Store { get; }

    /// <summary>Opens the storage anew, as after a stop; storage that is gone with the process stays open.</summary>
    protected abstract void Reopen();

    [Fact]
    public void The_instance_stays()
    {
        var instance = Store.Instance;
        Reopen();

        Assert.NotEqual(Guid.Empty, instance);
        Assert.Equal(instance, Store.Instance);
    }

    [Fact]
    public void New_storage_is_empty()
    {
        Assert.Null(Store.LoadLink(Hank));
        Assert.Empty(Store.LoadTombstones());
    }

    [Fact]
    public void A_link_comes_back_as_it_was_saved_last()
    {
        var first = new LinkRecord(Hank, Id(1), WasNative: true, Enrolled: false);
        var second = first with { HubInstance = Id(2), Enrolled = true };
        var foreign = new LinkRecord(Helen, null, WasNative: false, Enrolled: true);
        Store.SaveLink(first);
        Assert.Equal(first, Store.LoadLink(Hank));

        Store.SaveLink(second);
        Store.SaveLink(foreign);
        Reopen();

        Assert.Equal(second, Store.LoadLink(Hank));
        Assert.Equal(foreign, Store.LoadLink(Helen));
        Assert.Null(Store.LoadLink(NodeName.Parse("hugo")));
    }

    [Fact]
    public async Task Tombstones_come_back_until_they_are_over()
    {
        var early = new TombstoneRecord(Id(1), SaeId.Parse("sofia"), Now);
        var late = new TombstoneRecord(Id(1), SaeId.Parse("sürya"), Now.AddMilliseconds(1));
        var later = new TombstoneRecord(Id(2), SaeId.Parse("sofia"), Now.AddMinutes(10));
        await Store.SaveTombstonesAsync([early, later]);
        await Store.SaveTombstonesAsync([late]);
        await Store.SaveTombstonesAsync([]);
        Reopen();
        AssertTombstones(early, late, later);

        Store.RemoveTombstones(Now);
        AssertTombstones(late, later);
        Reopen();

        AssertTombstones(late, later);
    }

    [Fact]
    public async Task A_tombstone_is_named_by_key_and_encryptor()
    {
        var first = new TombstoneRecord(Id(1), SaeId.Parse("sofia"), Now);
        await Store.SaveTombstonesAsync([first]);
        await Store.SaveTombstonesAsync([first with { Until = Now.AddMinutes(1) }]);
        Reopen();

        AssertTombstones(first with { Until = Now.AddMinutes(1) });
    }

    [Fact]
    public async Task Many_callers_save_at_the_same_time()
    {
        var tombstones = Enumerable.Range(0, 300).Select(i => new TombstoneRecord(Id(i), SaeId.Parse($"s{i}"), Now)).ToArray();

        await Parallel.ForEachAsync(
            tombstones, TestContext.Current.CancellationToken, async (tombstone, _) => await Store.SaveTombstonesAsync([tombstone]));
        Reopen();

        AssertTombstones(tombstones);
    }

    [Fact]
    public async Task Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Store.SaveLink(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.SaveTombstonesAsync(null!));
    }

    private static Guid Id(int seed)
    {
        var bytes = new byte[16];
        new Random(seed).NextBytes(bytes);
        return new Guid(bytes);
    }

    private void AssertTombstones(params TombstoneRecord[] expected)
        => Assert.Equal(expected.OrderBy(Name, StringComparer.Ordinal), Store.LoadTombstones().OrderBy(Name, StringComparer.Ordinal));

    private static string Name(TombstoneRecord tombstone) => $"{tombstone.KeyId} {tombstone.Slave}";
}
