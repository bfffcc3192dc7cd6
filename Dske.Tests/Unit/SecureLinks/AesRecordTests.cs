using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

[Trait("Tier", "Unit")]
public sealed class AesRecordTests : IDisposable
{
    private readonly EpochRing _sending = LinkSample.Ring(LinkRole.Initiator, LinkSample.Epoch);
    private readonly EpochRing _receiving = LinkSample.Ring(LinkRole.Responder, LinkSample.Epoch);

    public void Dispose()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }

    [Fact]
    public void What_one_end_seals_the_other_opens_in_both_directions()
    {
        var (sam, fromSofia) = LinkSample.Stream(_sending);
        var (sofia, fromSam) = LinkSample.Stream(_receiving);
        var large = new byte[RecordFormat.MaxPayload];
        new Random(1).NextBytes(large);
        LinkSample.AssertOpens(fromSam, LinkSample.Seal(sam, RecordType.Data, large), RecordType.Data, large);
        LinkSample.AssertOpens(fromSam, LinkSample.Seal(sam, RecordType.Fin, []), RecordType.Fin, []);
        LinkSample.AssertOpens(fromSofia, LinkSample.Seal(sofia, RecordType.Data, "x"u8), RecordType.Data, "x"u8);
    }

    [Fact]
    public void A_changed_bit_anywhere_ends_the_stream()
    {
        var record = LinkSample.Seal(LinkSample.Stream(_sending).Sealer, RecordType.Data, "hello"u8);
        for (var bit = 0; bit < 8 * record.Length; bit++)
        {
            var changed = record.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            using var opener = LinkSample.Stream(_receiving).Opener;
            Assert.NotEqual(RecordStatus.Accepted, LinkSample.Open(opener, changed));
            Assert.NotEqual(RecordStatus.Accepted, LinkSample.Open(opener, record));
        }
    }

    [Fact]
    public void Replayed_reordered_and_missing_records_are_refused()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        byte[][] records = [.. Enumerable.Range(0, 3).Select(i => LinkSample.Seal(sealer, RecordType.Data, [(byte)i]))];
        foreach (var order in new[] { new[] { 0, 0 }, [1], [0, 2], [0, 1, 0] })
        {
            using var opener = LinkSample.Stream(_receiving).Opener;
            Assert.All(order[..^1], i => Assert.Equal(RecordStatus.Accepted, LinkSample.Open(opener, records[i])));
            Assert.Equal(RecordStatus.OutOfOrder, LinkSample.Open(opener, records[order[^1]]));
        }
    }

    [Fact]
    public void A_record_of_another_stream_or_of_the_other_direction_is_forged()
    {
        var record = LinkSample.Seal(LinkSample.Stream(_sending).Sealer, RecordType.Data, "hello"u8);
        var played = LinkSample.Nonces with { Accepter = LinkSample.InitiatorInstance };
        Assert.Equal(RecordStatus.Forged, LinkSample.Open(LinkSample.Stream(_receiving, nonces: played).Opener, record));
        Assert.Equal(RecordStatus.Forged, LinkSample.Open(LinkSample.Stream(_sending).Opener, record));
    }

    [Fact]
    public void A_stream_rolls_over_between_two_records()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        var opener = LinkSample.Stream(_receiving).Opener;
        LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, "old"u8), RecordType.Data, "old"u8);
        Assert.False(sealer.IsUpdateDue);

        LinkSample.Add(_receiving, LinkRole.Responder, 8);
        LinkSample.Add(_sending, LinkRole.Initiator, 8);
        Assert.False(sealer.IsUpdateDue);
        _sending.Activate(8);
        Assert.True(sealer.IsUpdateDue);
        Assert.Equal(RecordStatus.Accepted, LinkSample.Open(opener, Update(sealer)));
        Assert.False(sealer.IsUpdateDue);
        LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, "new"u8), RecordType.Data, "new"u8);

        // A new stream can begin under either epoch.
        LinkSample.Stream(_receiving, 7);
        LinkSample.Stream(_receiving, 8);
    }

    [Fact]
    public void A_stream_that_lags_behind_goes_through_epochs_that_are_gone()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        var opener = LinkSample.Stream(_receiving).Opener;
        var records = new List<byte[]> { LinkSample.Seal(sealer, RecordType.Data, [7]) };
        for (long epoch = 8; epoch < 30; epoch++)
        {
            LinkSample.Add(_receiving, LinkRole.Responder, epoch);
            _receiving.Activate(epoch);
            _receiving.RetireBefore(epoch);
            LinkSample.Add(_sending, LinkRole.Initiator, epoch);
            _sending.Activate(epoch);
            records.Add(Update(sealer));
            records.Add(LinkSample.Seal(sealer, RecordType.Data, [(byte)epoch]));
        }

        Assert.Equal(1, _receiving.Count);
        Assert.False(_receiving.TryCreate(LinkSample.Nonces, 28, out _, out _));
        var read = new List<byte>();
        foreach (var record in records)
        {
            Assert.Equal(RecordStatus.Accepted, opener.TryOpen(record, out var type, out var payload));
            if (type == RecordType.Data)
            {
                read.AddRange(payload);
            }
        }

        Assert.Equal(Enumerable.Range(7, 23).Select(i => (byte)i), read);
    }

    [Fact]
    public void An_update_to_an_epoch_that_is_not_there_or_not_later_ends_the_stream()
    {
        var sealer = LinkSample.Stream(_sending).Sealer;
        LinkSample.Add(_sending, LinkRole.Initiator, 8);
        _sending.Activate(8);
        Assert.Equal(RecordStatus.KeyMissing, LinkSample.Open(LinkSample.Stream(_receiving).Opener, Update(sealer)));

        // Sealed by hand: no sealer goes back.
        var back = new byte[RecordSealer.MaxUpdateSize];
        back[RecordFormat.HeaderSize + 7] = 7;
        Assert.True(LinkSample.Stream(_sending).Sealer.TrySeal(RecordType.KeyUpdate, back));
        Assert.Equal(RecordStatus.KeyMissing, LinkSample.Open(LinkSample.Stream(_receiving).Opener, back));
    }

    [Fact]
    public void A_worn_key_asks_for_another_and_then_seals_no_more()
    {
        using var keys = EpochKeys.Derive(LinkRole.Initiator, 7, LinkSample.Unsigned(LinkSample.Hello), LinkSample.Key);
        using var key = keys.DeriveSendKey(LinkSample.Nonces);
        using var sealer = new AesGcmSealer(_sending, LinkSample.Nonces, 7, key, maxRecords: 4);
        var opener = LinkSample.Stream(_receiving).Opener;
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(i >= 2, sealer.IsWorn);
            LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, "x"u8), RecordType.Data, "x"u8);
        }

        var record = new byte[29];
        record[RecordFormat.HeaderSize] = (byte)'x';
        Assert.Equal(0, sealer.Capacity);
        Assert.False(sealer.TrySeal(RecordType.Data, record));
        Assert.Equal((byte)'x', record[RecordFormat.HeaderSize]);

        LinkSample.Add(_sending, LinkRole.Initiator, 8);
        LinkSample.Add(_receiving, LinkRole.Responder, 8);
        _sending.Activate(8);
        Assert.Equal(RecordStatus.Accepted, LinkSample.Open(opener, Update(sealer)));
        LinkSample.AssertOpens(opener, LinkSample.Seal(sealer, RecordType.Data, "y"u8), RecordType.Data, "y"u8);
    }

    [Fact]
    public void What_was_disposed_gives_no_keys()
    {
        _sending.Dispose();
        Assert.Equal(0, _sending.SendEpoch);
        Assert.False(_sending.TryCreate(LinkSample.Nonces, LinkSample.Epoch, out _, out _));
        LinkSample.Add(_sending, LinkRole.Initiator, 9);
        Assert.Equal(0, _sending.Count);
    }

    [Fact]
    public void A_record_of_impossible_length_is_misuse() =>
        Assert.Throws<ArgumentException>(() => LinkSample.Stream(_sending).Sealer.TrySeal(RecordType.Data, new byte[RecordFormat.MaxRecord + 1]));

    private static byte[] Update(RecordSealer sealer)
    {
        var update = new byte[RecordSealer.MaxUpdateSize];
        Assert.Equal(update.Length, sealer.SealUpdate(update));
        return update;
    }
}
