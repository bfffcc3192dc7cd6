using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

[Trait("Tier", "Unit")]
public sealed class PadRecordTests : IDisposable
{
    private readonly PadSecrets _sending = LinkSample.Pads(LinkRole.Initiator);
    private readonly PadSecrets _receiving = LinkSample.Pads(LinkRole.Responder);

    public void Dispose()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }

    [Fact]
    public void Streams_share_a_pad_and_come_in_any_order()
    {
        var other = LinkSample.Nonces with { Opener = LinkSample.ResponderInstance };
        var (first, second) = (LinkSample.Stream(_sending).Sealer, LinkSample.Stream(_sending, nonces: other).Sealer);
        var a = LinkSample.Seal(first, RecordType.Data, "one"u8);
        var b = LinkSample.Seal(second, RecordType.Data, "two"u8);
        var c = LinkSample.Seal(first, RecordType.Data, "three"u8);
        LinkSample.AssertOpens(LinkSample.Stream(_receiving, nonces: other).Opener, b, RecordType.Data, "two"u8);
        var opener = LinkSample.Stream(_receiving).Opener;
        LinkSample.AssertOpens(opener, a, RecordType.Data, "one"u8);
        LinkSample.AssertOpens(opener, c, RecordType.Data, "three"u8);
    }

    [Fact]
    public void A_changed_bit_anywhere_ends_the_stream_and_uses_nothing()
    {
        var record = LinkSample.Seal(LinkSample.Stream(_sending).Sealer, RecordType.Data, "hello"u8);
        for (var bit = 0; bit < 8 * record.Length; bit++)
        {
            var changed = record.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            using var opener = LinkSample.Stream(_receiving).Opener;
            Assert.NotEqual(RecordStatus.Accepted, LinkSample.Open(opener, changed));
        }

        LinkSample.AssertOpens(LinkSample.Stream(_receiving).Opener, record, RecordType.Data, "hello"u8);
    }

    [Fact]
    public void A_position_is_accepted_once()
    {
        var record = LinkSample.Seal(LinkSample.Stream(_sending).Sealer, RecordType.Data, "hello"u8);
        LinkSample.AssertOpens(LinkSample.Stream(_receiving).Opener, record, RecordType.Data, "hello"u8);

        // The same stream once more, as an accepter without a nonce of its own would see it.
        Assert.Equal(RecordStatus.KeyMissing, LinkSample.Open(LinkSample.Stream(_receiving).Opener, record));
    }

    [Fact]
    public void A_record_in_another_place_or_stream_is_forged()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        var (first, second) = (LinkSample.Seal(sealer, RecordType.Data, "1"u8), LinkSample.Seal(sealer, RecordType.Data, "2"u8));
        Assert.Equal(RecordStatus.Forged, LinkSample.Open(LinkSample.Stream(_receiving).Opener, second));
        Assert.Equal(RecordStatus.Forged, LinkSample.Open(LinkSample.Stream(_receiving, nonces: new StreamNonces(default, default)).Opener, first));
        Assert.Equal(RecordStatus.KeyMissing, LinkSample.Open(LinkSample.Stream(_receiving).Opener, Moved(first)));
    }

    [Fact]
    public void A_sender_without_pad_seals_nothing_until_more_comes()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        var opener = LinkSample.Stream(_receiving).Opener;
        var sent = 0;
        while (sealer.Capacity is > 0 and var capacity)
        {
            var payload = new byte[capacity];
            payload[0] = (byte)++sent;
            LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, payload), RecordType.Data, payload);
        }

        // Every byte but the confirmation's and 32 for each record, and nothing is left that a record fits in.
        Assert.Equal(4, sent);
        Assert.Equal(0, _sending.Sending.Available);
        Assert.Equal(0, _receiving.Receiving.Available);
        var record = LinkRecord("more");
        Assert.False(sealer.TrySeal(RecordType.Data, record));

        LinkSample.AddPads(_receiving, LinkRole.Responder, 8);
        LinkSample.AddPads(_sending, LinkRole.Initiator, 8);
        Assert.False(sealer.TrySeal(RecordType.Data, record));
        _sending.Activate(8);
        Assert.Equal(LinkSample.PadSize - 32, _sending.Sending.Available);
        Assert.True(sealer.TrySeal(RecordType.Data, record));
        LinkSample.AssertOpens(opener, record, RecordType.Data, "more"u8);
    }

    [Fact]
    public void Pad_that_is_used_is_zero_at_both_ends()
    {
        using var sending = new SendPad();
        using var receiving = new ReceivePad();
        var (mine, theirs) = (SecretBytes.CopyOf(LinkSample.PadToInitiator), SecretBytes.CopyOf(LinkSample.PadToInitiator));
        sending.Append(1, 1, mine);
        receiving.Append(1, 1, theirs);
        Span<byte> key = stackalloc byte[PadKeys.RecordOverhead];
        var payload = "hello"u8.ToArray();
        Assert.True(sending.TryApply(payload, key, out var position));
        Assert.True(receiving.TryPeek(position, payload.Length, key));
        Assert.True(receiving.TryApply(position, payload));
        Assert.Equal("hello"u8, payload);
        foreach (var secret in new[] { mine, theirs })
        {
            Assert.False(secret.Span[..37].ContainsAnyExcept((byte)0));
            Assert.Equal(LinkSample.PadToInitiator.AsSpan(37), secret.Span[37..]);
        }
    }

    [Fact]
    public void An_epoch_that_came_to_nothing_leaves_no_pad()
    {
        using var pads = new PadSecrets();
        LinkSample.AddPads(pads, LinkRole.Responder, 1);
        LinkSample.AddPads(pads, LinkRole.Responder, 2);
        Assert.Equal(LinkSample.PadSize - 32, pads.Receiving.Available);
        pads.Activate(1);
        Assert.Equal(0, pads.SendEpoch);
        pads.Activate(2);
        Assert.Equal(2, pads.SendEpoch);
        Assert.Equal(LinkSample.PadSize, pads.Sending.Available);

        // The same epoch again adds nothing.
        LinkSample.AddPads(pads, LinkRole.Responder, 2);
        pads.Activate(2);
        Assert.Equal(LinkSample.PadSize, pads.Sending.Available);
        Assert.Equal(LinkSample.PadSize - 32, pads.Receiving.Available);
    }

    [Fact]
    public void No_byte_is_used_twice_by_many_streams_at_a_time()
    {
        var payloads = new byte[8][];
        Parallel.For(0, payloads.Length, i =>
        {
            var nonces = LinkSample.Nonces with { Opener = new Guid(i, 0, 0, new byte[8]) };
            using var sealer = LinkSample.Stream(_sending, nonces: nonces).Sealer;
            using var opener = LinkSample.Stream(_receiving, nonces: nonces).Opener;
            var random = new Random(i);
            for (var round = 0; round < 40; round++)
            {
                var payload = new byte[1 + random.Next(100)];
                random.NextBytes(payload);
                LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, payload), RecordType.Data, payload);
            }
        });
        Assert.Equal(_sending.Sending.Available, _receiving.Receiving.Available);
    }

    private static byte[] LinkRecord(string text)
    {
        var record = new byte[RecordFormat.HeaderSize + text.Length + RecordFormat.TagSize];
        System.Text.Encoding.ASCII.GetBytes(text, record.AsSpan(RecordFormat.HeaderSize));
        return record;
    }

    // To the pad of an epoch that has not come.
    private static byte[] Moved(byte[] record)
    {
        var moved = record.ToArray();
        moved[7]++;
        return moved;
    }
}
