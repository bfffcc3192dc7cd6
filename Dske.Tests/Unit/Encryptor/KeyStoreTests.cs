using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Encryptor;

[Trait("Tier", "Unit")]
public sealed class KeyStoreTests
{
    [Fact]
    public void The_latest_keys_are_kept_and_older_ones_forgotten()
    {
        using var store = new KeyStore();
        for (var i = 0; i < KeyStore.Capacity + 5; i++)
        {
            Assert.True(Add(store, i));
        }

        var listed = store.List();
        Assert.Equal(KeyStore.Capacity, listed.Count);
        Assert.Equal(Id(KeyStore.Capacity + 4), listed[0].KeyId);
        Assert.Equal(Id(5), listed[^1].KeyId);
        Assert.False(store.TryGet(Id(4), out _, out _));
    }

    [Fact]
    public void A_key_that_is_given_out_is_a_copy()
    {
        using var store = new KeyStore();
        Add(store, 1);
        Assert.True(store.TryGet(Id(1), out _, out var first));
        first.Dispose();

        Assert.True(store.TryGet(Id(1), out var established, out var second));
        using (second)
        {
            Assert.Equal(Id(1), established.KeyId);
            Assert.Equal(KeyOf(1), second.Span.ToArray());
        }
    }

    [Fact]
    public void Some_known_key_spoils_the_whole_batch()
    {
        using var store = new KeyStore();
        Add(store, 1);

        Assert.False(Add(store, 2, 1));
        Assert.False(store.TryGet(Id(2), out _, out _));
    }

    [Fact]
    public void A_key_ID_is_reserved_once_and_not_when_it_is_established()
    {
        using var store = new KeyStore();
        Assert.True(store.TryReserve([Id(1), Id(2)]));
        Assert.False(store.TryReserve([Id(3), Id(2)]));
        Assert.True(store.TryReserve([Id(3)]));

        store.Release([Id(1), Id(2)]);
        Assert.True(store.TryReserve([Id(2)]));

        Assert.True(Add(store, 3));
        store.Release([Id(3)]);
        Assert.False(store.TryReserve([Id(3)]));
    }

    [Fact]
    public void A_key_that_went_to_a_sink_is_known_and_not_here()
    {
        using var store = new KeyStore();
        Assert.True(store.TrySpend(Id(1)));

        Assert.False(store.TrySpend(Id(1)));
        Assert.False(store.TryReserve([Id(1)]));
        Assert.False(Add(store, 1));
        Assert.False(store.TryGet(Id(1), out _, out _));
        Assert.Empty(store.List());
        Assert.True(Add(store, 2));
        Assert.False(store.TrySpend(Id(2)));
    }

    [Fact]
    public void Of_the_keys_that_went_to_sinks_the_latest_are_remembered()
    {
        using var store = new KeyStore();
        for (var i = 0; i <= KeyStore.SpentCapacity; i++)
        {
            Assert.True(store.TrySpend(Id(i)));
        }

        Assert.True(store.TryReserve([Id(0)]));
        Assert.False(store.TryReserve([Id(1)]));
    }

    [Fact]
    public void A_closed_store_holds_nothing_and_takes_nothing()
    {
        var store = new KeyStore();
        Add(store, 1);

        store.Dispose();
        store.Dispose();

        Assert.Empty(store.List());
        Assert.False(store.TryGet(Id(1), out _, out _));
        Assert.False(Add(store, 2));
        Assert.False(store.TrySpend(Id(3)));
    }

    private static bool Add(KeyStore store, params int[] numbers)
    {
        var keys = numbers
            .Select(i => (new EstablishedKey(SaeId.Parse("sofia"), KeyRole.Initiator, Id(i), 32, "00000000", DateTimeOffset.UnixEpoch), SecretBytes.CopyOf(KeyOf(i))))
            .ToList();
        var added = store.TryAdd(keys);
        keys.ForEach(key => key.Item2.Dispose());
        return added;
    }

    private static Guid Id(int i) => new(i, 0, 0, new byte[8]);

    private static byte[] KeyOf(int i) => BitConverter.GetBytes(i);
}
