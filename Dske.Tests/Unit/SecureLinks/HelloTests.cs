using System.Buffers.Binary;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

[Trait("Tier", "Unit")]
public sealed class HelloTests
{
    private static readonly byte[] Good = LinkSample.Write(LinkSample.Hello, LinkSample.Key);

    [Fact]
    public void No_changed_byte_of_a_hello_passes()
    {
        using var confirmation = EpochConfirmation.Derive(Good.AsSpan(0, Good.Length - EpochConfirmation.MacSize), LinkSample.Key);
        Assert.True(confirmation.Verify(Good));
        for (var i = 0; i < Good.Length; i++)
        {
            var changed = Good.ToArray();
            changed[i] ^= 1;

            // As a responder does: from what came, with the key that it got.
            using var other = EpochConfirmation.Derive(changed.AsSpan(0, changed.Length - EpochConfirmation.MacSize), LinkSample.Key);
            Assert.False(other.Verify(changed), $"Byte {i} does not matter.");
        }
    }

    [Fact]
    public void Another_key_another_message_or_a_piece_of_one_does_not_verify()
    {
        var unsigned = LinkSample.Unsigned(LinkSample.Hello);
        using var mine = EpochConfirmation.Derive(unsigned, LinkSample.Key);
        using var other = EpochConfirmation.Derive(unsigned, LinkSample.PadToInitiator.AsSpan(0, EpochConfirmation.RootSize));
        var accept = mine.Write(new LinkConfirmation(LinkMessageType.Accept, LinkSample.InitiatorInstance, LinkSample.ResponderInstance, 7));
        Assert.True(mine.Verify(accept));
        Assert.False(other.Verify(accept));
        Assert.False(mine.Verify(accept.AsSpan(1)));
        Assert.False(mine.Verify([]));

        // Sent back as a ready, it is none.
        accept[5] = (byte)LinkMessageType.Ready;
        Assert.False(mine.Verify(accept));
        Assert.Throws<ArgumentException>(() => EpochConfirmation.Derive(unsigned, new byte[31]));
    }

    [Theory]
    [InlineData(0, "magic")]
    [InlineData(4, "version")]
    [InlineData(5, "type")]
    [InlineData(6, "cipher")]
    [InlineData(7, "reserved")]
    [InlineData(40, "epoch, negative")]
    [InlineData(48, "age, negative")]
    [InlineData(52, "key size")]
    [InlineData(57, "keys of the initiator")]
    [InlineData(59, "number of keys")]
    [InlineData(61, "length of a name")]
    public void A_value_out_of_range_is_no_hello(int index, string what)
    {
        var changed = Good.ToArray();
        changed[index] ^= 0x80;
        Assert.False(LinkHello.TryRead(changed, out _), what);
    }

    [Fact]
    public void A_hello_cut_short_or_with_something_behind_it_is_none()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            Assert.False(LinkHello.TryRead(Good.AsSpan(0, length), out _));
        }

        Assert.False(LinkHello.TryRead([.. Good, 0], out _));
        Assert.False(LinkHello.TryRead(new byte[LinkHello.MaxSize + 1], out _));
    }

    [Fact]
    public void Names_that_are_none_and_keys_named_twice_are_refused()
    {
        Assert.False(LinkHello.TryRead(LinkSample.Write(LinkSample.Hello with { Responder = LinkSample.Hello.Initiator }, LinkSample.Key), out _));
        var keyId = LinkSample.Hello.KeyIds[0];
        Assert.False(LinkHello.TryRead(LinkSample.Write(LinkSample.PadHello with { KeyIds = [keyId, keyId] }, LinkSample.Key), out _));
        Assert.False(LinkHello.TryRead(LinkSample.Write(LinkSample.PadHello with { InitiatorKeys = 3 }, LinkSample.Key), out _));
        Assert.False(LinkHello.TryRead(LinkSample.Write(LinkSample.Hello with { KeyIds = [] }, LinkSample.Key), out _));

        var bad = Good.ToArray();
        bad[62] = 0xFF;
        Assert.False(LinkHello.TryRead(bad, out _));
    }

    [Fact]
    public void A_confirmation_cut_short_or_of_no_epoch_is_none()
    {
        using var mine = EpochConfirmation.Derive(LinkSample.Unsigned(LinkSample.Hello), LinkSample.Key);
        var accept = mine.Write(new LinkConfirmation(LinkMessageType.Accept, LinkSample.InitiatorInstance, LinkSample.ResponderInstance, 7));
        for (var length = 0; length < accept.Length; length++)
        {
            Assert.False(LinkConfirmation.TryRead(accept.AsSpan(0, length), out _));
        }

        BinaryPrimitives.WriteInt64BigEndian(accept.AsSpan(40), 0);
        Assert.False(LinkConfirmation.TryRead(accept, out _));
    }
}
