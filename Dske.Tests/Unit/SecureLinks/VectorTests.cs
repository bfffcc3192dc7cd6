using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

/// <summary>The vectors of docs/protocol-encryptor.md. They were computed apart from this code.</summary>
[Trait("Tier", "Unit")]
public sealed class VectorTests
{
    [Fact]
    public void The_hello_of_an_aes_epoch_is_as_documented() => AssertHello(
        "44534b4c01010100101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f000000000000000700000e100000002000000001000373616d0005736f66696100112233445566778899aabbccddeeffd252483a3ca29b5886f6a409b106f12e7fb022570522c54eab01f67ed7eaa33d",
        LinkSample.Hello,
        LinkSample.Key);

    [Fact]
    public void The_hello_of_a_pad_is_as_documented() => AssertHello(
        "44534b4c01010200101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f000000000000000700000e100001000000010002000373616d0005736f66696100112233445566778899aabbccddeeffffeeddccbbaa9988776655443322110074008cb642312ac8391d3500b519b94f9c33768fd8ef589c667e34b9d91e4dad",
        LinkSample.PadHello,
        LinkSample.PadToResponder);

    [Theory]
    [InlineData(LinkMessageType.Accept, "44534b4c01020000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f0000000000000007a09ff85879011ccb0e430739da0ef32ede6e3f329ddc0ea983ab5049b0fdcf92")]
    [InlineData(LinkMessageType.Ready, "44534b4c01030000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f0000000000000007bddf00646d9f8862af8151285658a997dfe3988fcf5446bee81f7b96e5118dfe")]
    [InlineData(LinkMessageType.Close, "44534b4c01040000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f00000000000000075fd17d76f94b447abdefe01c92f0057a20c335abb35bb26fabc093c144d8a69a")]
    public void Confirmations_are_as_documented(LinkMessageType type, string expected)
    {
        using var confirmation = EpochConfirmation.Derive(LinkSample.Unsigned(LinkSample.Hello), LinkSample.Key);
        var message = new LinkConfirmation(type, LinkSample.InitiatorInstance, LinkSample.ResponderInstance, LinkSample.Epoch);
        var bytes = confirmation.Write(message);
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(LinkConfirmation.TryRead(bytes, out var read));
        Assert.Equal(message, read);
        Assert.True(confirmation.Verify(bytes));
    }

    [Fact]
    public void The_prefaces_of_a_stream_are_as_documented()
    {
        var accepter = new byte[StreamPreface.AccepterSize];
        StreamPreface.WriteAccepter(accepter, LinkSample.Nonces.Accepter);
        Assert.Equal("44534b5301000000404142434445464748494a4b4c4d4e4f", Convert.ToHexStringLower(accepter));
        var opener = new byte[StreamPreface.OpenerSize];
        StreamPreface.WriteOpener(opener, LinkSample.Nonces.Opener, LinkSample.InitiatorInstance, LinkSample.Epoch);
        Assert.Equal("44534b5301000000505152535455565758595a5b5c5d5e5f101112131415161718191a1b1c1d1e1f0000000000000007", Convert.ToHexStringLower(opener));
        Assert.True(StreamPreface.TryReadAccepter(accepter, out var nonce));
        Assert.Equal(LinkSample.Nonces.Accepter, nonce);
        Assert.True(StreamPreface.TryReadOpener(opener, out nonce, out var instance, out var epoch));
        Assert.Equal((LinkSample.Nonces.Opener, LinkSample.InitiatorInstance, LinkSample.Epoch), (nonce, instance, epoch));
    }

    [Fact]
    public void Records_under_aes_are_as_documented()
    {
        using var sending = LinkSample.Ring(LinkRole.Initiator, LinkSample.Epoch);
        var (sealer, _) = LinkSample.Stream(sending);
        Assert.Equal("0100001f00000000000000005d9be6845d112e3f020704e9b0b8c442a1a79e9ba68ede6912c7da31df1b3d", Seal(sealer, RecordType.Open, OpenPayload()));
        Assert.Equal("02000015000000000000000177f380b33d7def84a0818aea173e557d158c93cf2a", Seal(sealer, RecordType.Data, "hello"u8));
        Assert.Equal("0300001000000000000000025082336a83ee60f505bc3ad6bf47c775", Seal(sealer, RecordType.Fin, []));

        LinkSample.Add(sending, LinkRole.Initiator, LinkSample.Epoch + 1);
        sending.Activate(LinkSample.Epoch + 1);
        var update = new byte[RecordSealer.MaxUpdateSize];
        Assert.Equal(update.Length, sealer.SealUpdate(update));
        Assert.Equal("04000018000000000000000377abd82fd84f0f844e4493938f736d5a9c706a092579ee15", Convert.ToHexStringLower(update));
    }

    [Fact]
    public void Records_under_a_pad_are_as_documented()
    {
        using var sending = LinkSample.Pads(LinkRole.Initiator);
        var (sealer, _) = LinkSample.Stream(sending);
        Assert.Equal("0100001f0000000700000020420f8d6cee0dd193ab075d0b379220416d776cc68068812d98b0174763bbc3", Seal(sealer, RecordType.Open, OpenPayload()));
        Assert.Equal("02000015000000070000004f9a6a4bfae1a577a818ad667445d2202513d5c5220d", Seal(sealer, RecordType.Data, "hello"u8));
        Assert.Equal("0300001000000007000000746be399db01d1f2889a8a73a035e31481", Seal(sealer, RecordType.Fin, []));

        using var back = LinkSample.Pads(LinkRole.Responder);
        Assert.Equal("020000120000000701000000239117be5972bb0c88634e5fddc3e137b932", Seal(LinkSample.Stream(back).Sealer, RecordType.Data, "hi"u8));
    }

    private static byte[] OpenPayload()
    {
        Assert.True(StreamTarget.TryParse("127.0.0.1:9002", out var target));
        var payload = new byte[StreamTarget.MaxSize];
        return payload[..target.Write(payload)];
    }

    private static string Seal(RecordSealer sealer, RecordType type, ReadOnlySpan<byte> payload) =>
        Convert.ToHexStringLower(LinkSample.Seal(sealer, type, payload));

    private static void AssertHello(string expected, LinkHello hello, byte[] firstKey)
    {
        var bytes = LinkSample.Write(hello, firstKey);
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
        Assert.True(LinkHello.TryRead(bytes, out var read));
        Assert.Equal(hello with { KeyIds = [] }, read with { KeyIds = [] });
        Assert.Equal(hello.KeyIds, read.KeyIds);
    }
}
