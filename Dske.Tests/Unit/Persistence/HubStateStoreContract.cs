using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Persistence;

/// <summary>What every <see cref="IHubStateStore"/> promises. A kind of storage proves it by deriving a test class from this one.</summary>
public abstract class HubStateStoreContract
{
    private static readonly DateTimeOffset Later = new(2026, 3, 1, 12, 10, 0, 123, TimeSpan.Zero);
    private static readonly NodeName Carol = NodeName.Parse("carol");
    private static readonly NodeName Conny = NodeName.Parse("conny");

    /// <summary>The storage under test, empty at first.</summary>
    protected abstract IHubStateStore Store { get; }

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
        Assert.Empty(Store.LoadRegistrations());
        Assert.Empty(Store.LoadShares());
    }

    [Fact]
    public void A_registration_comes_back_as_it_was_saved()
    {
        var instance = new Guid(Bytes(16, seed: 3));
        Store.SaveRegistration(new RegistrationRecord(Carol, Saes("sam", "ünï ⚿", "carol"), instance, Enrolled: true));
        Store.SaveRegistration(new RegistrationRecord(Conny, [], null, Enrolled: false));
        Reopen();

        var loaded = Store.LoadRegistrations().OrderBy(registration => registration.Client.Value).ToList();

        Assert.Equal([Carol, Conny], loaded.Select(registration => registration.Client));
        Assert.Equal(Saes("sam", "ünï ⚿", "carol"), loaded[0].Encryptors);
        Assert.Equal((instance, true), (loaded[0].Instance, loaded[0].Enrolled));
        Assert.Empty(loaded[1].Encryptors);
        Assert.Equal((null, false), (loaded[1].Instance, loaded[1].Enrolled));
    }

    [Fact]
    public void A_later_registration_replaces_the_earlier_one()
    {
        Store.SaveRegistration(new RegistrationRecord(Carol, Saes("sam", "sally"), Guid.Empty, Enrolled: true));
        Store.SaveRegistration(new RegistrationRecord(Carol, Saes("sally", "susan", "sid"), null, Enrolled: false));
        Reopen();

        var loaded = Assert.Single(Store.LoadRegistrations());

        Assert.Equal(Saes("sally", "susan", "sid"), loaded.Encryptors);
        Assert.Equal((null, false), (loaded.Instance, loaded.Enrolled));
    }

    [Fact]
    public async Task A_share_comes_back_as_it_was_saved()
    {
        using var share = Share(1, size: 36);
        using var large = Share(2, size: 1_000_000);
        using var empty = Share(3, size: 0);
        await Store.SaveShareAsync(share.Record);
        await Store.SaveShareAsync(large.Record);
        await Store.SaveShareAsync(empty.Record);
        Reopen();

        AssertShares(share, large, empty);
    }

    [Fact]
    public async Task Shares_that_are_saved_together_come_back_each_by_itself()
    {
        var shares = Enumerable.Range(1, 128).Select(i => Share(i)).ToArray();
        await Store.SaveSharesAsync([.. shares.Select(share => share.Record)]);
        Reopen();

        AssertShares(shares);
        Store.RemoveShare(shares[0].Record);
        Reopen();
        AssertShares(shares[1..]);
        Array.ForEach(shares, share => share.Dispose());
    }

    [Fact]
    public async Task Who_a_share_is_for_and_who_has_had_it_comes_back_in_order()
    {
        using var share = Share(1);
        share.Record = share.Record with
        {
            Recipients = [.. Enumerable.Range(0, ShareRecipient.Max).Select(i => new ShareRecipient(SaeId.Parse($"söfia {i}"), NodeName.Parse($"conny-{i}"), i % 3 == 0))],
        };
        await Store.SaveSharesAsync([share.Record]);
        Reopen();
        AssertShares(share);

        share.Record = share.Record with { Recipients = [.. share.Record.Recipients.Select(recipient => recipient with { Delivered = true })] };
        Store.UpdateShare(share.Record);
        Reopen();

        AssertShares(share);
    }

    [Fact]
    public async Task The_value_of_a_share_stays_the_callers()
    {
        using var share = Share(1);
        using (var given = Share(1))
        {
            var saved = Store.SaveShareAsync(given.Record);
            given.Record.Value.Span.Clear();
            await saved;
        }

        AssertShares(share);
        Store.LoadShares()[0].Value.Dispose();
        AssertShares(share);
    }

    [Fact]
    public async Task Shares_are_named_by_client_and_key()
    {
        using var first = Share(1);
        using var second = Share(1, seed: 2, by: Conny);
        await Store.SaveShareAsync(first.Record);
        await Store.SaveShareAsync(second.Record);

        Store.RemoveShare(first.Record);
        Reopen();

        AssertShares(second);
    }

    [Fact]
    public async Task A_share_of_the_same_name_replaces_the_earlier_one()
    {
        using var first = Share(1);
        using var second = Share(1, seed: 2);
        await Store.SaveShareAsync(first.Record);
        await Store.SaveShareAsync(second.Record);
        AssertShares(second);
        Reopen();

        AssertShares(second);
    }

    [Fact]
    public async Task Time_to_live_and_delivery_are_noted()
    {
        using var share = Share(1);
        using var other = Share(2);
        await Store.SaveShareAsync(share.Record);
        await Store.SaveShareAsync(other.Record);
        share.Record = share.Record with { ExpiresAt = Later.AddSeconds(60), Recipients = [share.Record.Recipients[0] with { Delivered = true }] };

        Store.UpdateShare(share.Record);
        AssertShares(share, other);
        Reopen();

        AssertShares(share, other);
    }

    [Fact]
    public async Task What_is_not_there_is_neither_updated_nor_removed()
    {
        using var share = Share(1);
        using var unknown = Share(2);
        await Store.SaveShareAsync(share.Record);

        Store.UpdateShare(unknown.Record);
        Store.RemoveShare(unknown.Record);
        Reopen();

        AssertShares(share);
    }

    [Fact]
    public async Task A_removed_share_is_gone_and_can_be_saved_again()
    {
        using var share = Share(1);
        await Store.SaveShareAsync(share.Record);
        Store.RemoveShare(share.Record);
        Store.RemoveShare(share.Record);
        Assert.Empty(Store.LoadShares());
        Reopen();
        Assert.Empty(Store.LoadShares());

        await Store.SaveShareAsync(share.Record);

        AssertShares(share);
    }

    [Fact]
    public async Task Many_callers_save_and_remove_at_the_same_time()
    {
        var shares = Enumerable.Range(0, 300).Select(i => Share(i, seed: i)).ToArray();
        await Parallel.ForEachAsync(shares, TestContext.Current.CancellationToken, async (share, _) =>
        {
            await Store.SaveShareAsync(share.Record);
            if (share.Record.Index % 2 == 1)
            {
                Store.RemoveShare(share.Record);
            }
        });
        Reopen();

        AssertShares([.. shares.Where(share => share.Record.Index % 2 == 0)]);
        Assert.All(shares, share => share.Dispose());
    }

    [Fact]
    public async Task Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Store.SaveRegistration(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.SaveSharesAsync(null!));
        Assert.Throws<ArgumentNullException>(() => Store.UpdateShare(null!));
        Assert.Throws<ArgumentNullException>(() => Store.RemoveShare(null!));
    }

    private static SaeId[] Saes(params string[] names) => [.. names.Select(SaeId.Parse)];

    private static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static TestShare Share(int key, int size = 36, int seed = 1, NodeName by = default) => new(new ShareRecord(
        by.IsEmpty ? Carol : by,
        new Guid(Bytes(16, key)),
        SaeId.Parse("sam"),
        [new ShareRecipient(SaeId.Parse("söfia"), Conny)],
        key,
        SecretBytes.CopyOf(Bytes(size, seed + 1000)),
        Later));

    private void AssertShares(params TestShare[] expected)
    {
        var loaded = Store.LoadShares();
        Assert.Equal(
            expected.Select(share => Describe(share.Record)).Order(StringComparer.Ordinal),
            loaded.Select(Describe).Order(StringComparer.Ordinal));
        Assert.All(loaded, share => share.Value.Dispose());

        static string Describe(ShareRecord share)
            => $"{share with { Value = null!, Recipients = [] }} {string.Join(' ', share.Recipients)} {Convert.ToHexString(share.Value.Span)}";
    }

    private sealed class TestShare(ShareRecord record) : IDisposable
    {
        public ShareRecord Record { get; set; } = record;

        public void Dispose() => Record.Value.Dispose();
    }
}
