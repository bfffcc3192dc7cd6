using Dske.Protocol.SecureLinks;
using Dske.Tests.Unit.SecureLinks;

namespace Dske.Tests.Fuzzing;

/// <summary>What encryptors say to each other about secure links, and what goes over these.</summary>
internal static class SecureLinkTargets
{
    public static IEnumerable<DecoderTarget> All =>
    [
        new DecoderTarget("Hello of a link", [LinkSample.Write(LinkSample.Hello, LinkSample.Key), LinkSample.Write(LinkSample.PadHello, LinkSample.PadToResponder)], bytes =>
            LinkHello.TryRead(bytes, out var hello) ? [.. LinkSample.Unsigned(hello), .. bytes[^EpochConfirmation.MacSize..]] : null)
        { HasOneSpelling = true },
        new DecoderTarget("Confirmation of a link", [Confirmation(LinkMessageType.Accept), Confirmation(LinkMessageType.Ready)], bytes =>
        {
            var unsigned = new byte[LinkConfirmation.UnsignedSize];
            if (!LinkConfirmation.TryRead(bytes, out var message))
            {
                return null;
            }

            message.WriteUnsigned(unsigned);
            return [.. unsigned, .. bytes[^EpochConfirmation.MacSize..]];
        })
        { HasOneSpelling = true },
        new DecoderTarget("Opener's preface of a stream", [OpenerPreface()], bytes =>
        {
            var written = new byte[StreamPreface.OpenerSize];
            if (!StreamPreface.TryReadOpener(bytes, out var nonce, out var instance, out var epoch))
            {
                return null;
            }

            StreamPreface.WriteOpener(written, nonce, instance, epoch);
            return written;
        })
        { HasOneSpelling = true },
        DecoderTarget.OfText("Target of a stream", text => StreamTarget.TryParse(text, out var target) ? target.ToString() : null, "127.0.0.1:9002", "[::1]:80", "a.example:1"),
        new DecoderTarget("Records under AES-256-GCM", Records(LinkSample.Ring(LinkRole.Initiator, LinkSample.Epoch)), bytes =>
            OpenAll(bytes, LinkSample.Ring(LinkRole.Responder, LinkSample.Epoch), Records(LinkSample.Ring(LinkRole.Initiator, LinkSample.Epoch))[0])),
        new DecoderTarget("Records under a one-time pad", Records(LinkSample.Pads(LinkRole.Initiator)), bytes =>
            OpenAll(bytes, LinkSample.Pads(LinkRole.Responder), Records(LinkSample.Pads(LinkRole.Initiator))[0])),
    ];

    private static byte[] Confirmation(LinkMessageType type)
    {
        using var confirmation = EpochConfirmation.Derive(LinkSample.Unsigned(LinkSample.Hello), LinkSample.Key);
        return confirmation.Write(new LinkConfirmation(type, LinkSample.InitiatorInstance, LinkSample.ResponderInstance, LinkSample.Epoch));
    }

    private static byte[] OpenerPreface()
    {
        var bytes = new byte[StreamPreface.OpenerSize];
        StreamPreface.WriteOpener(bytes, LinkSample.Nonces.Opener, LinkSample.InitiatorInstance, LinkSample.Epoch);
        return bytes;
    }

    // Three records, one behind the other.
    private static byte[][] Records(LinkSecrets secrets)
    {
        using (secrets)
        {
            using var sealer = LinkSample.Stream(secrets).Sealer;
            return [[.. LinkSample.Seal(sealer, RecordType.Data, "first"u8), .. LinkSample.Seal(sealer, RecordType.Data, "second"u8), .. LinkSample.Seal(sealer, RecordType.Fin, [])]];
        }
    }

    /// <summary>Opens what can be opened. That is what was sealed, from its beginning on, and nothing else.</summary>
    private static byte[]? OpenAll(byte[] bytes, LinkSecrets secrets, byte[] good)
    {
        using var kept = secrets;
        using var opener = LinkSample.Stream(secrets).Opener;
        var read = 0;
        while (RecordFormat.TryMeasure(bytes.AsSpan(read), out var length)
            && length > 0
            && read + length <= bytes.Length
            && opener.TryOpen(bytes.AsSpan(read, length).ToArray(), out _, out _) == RecordStatus.Accepted)
        {
            read += length;
        }

        Assert.True(good.AsSpan().StartsWith(bytes.AsSpan(0, read)), "Something was accepted that nobody sealed.");
        return read == good.Length && read == bytes.Length ? good : null;
    }
}
