using System.Buffers.Binary;
using System.Security.Cryptography;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Tests.Unit.SecureLinks;

/// <summary>The link of the test vectors in docs/protocol-encryptor.md: sam is the initiator, sofia the responder, epoch 7.</summary>
internal static class LinkSample
{
    public const long Epoch = 7;
    public const int PadSize = 64 * 1024;

    public static readonly Guid InitiatorInstance = new(Sequence(0x10, 16), bigEndian: true);
    public static readonly Guid ResponderInstance = new(Sequence(0x20, 16), bigEndian: true);
    public static readonly StreamNonces Nonces = new(new Guid(Sequence(0x40, 16), bigEndian: true), new Guid(Sequence(0x50, 16), bigEndian: true));
    public static readonly byte[] Key = Sequence(0, 32);
    public static readonly byte[] PadToResponder = [.. Enumerable.Range(0, PadSize / 32).SelectMany(BlockOf)];
    public static readonly byte[] PadToInitiator = [.. PadToResponder.Select(static b => (byte)~b)];

    public static LinkHello Hello { get; } = new()
    {
        Cipher = LinkCipher.Aes256Gcm,
        InitiatorInstance = InitiatorInstance,
        ResponderInstance = ResponderInstance,
        Epoch = Epoch,
        MaxKeyAgeSeconds = 3600,
        KeyBytes = 32,
        InitiatorKeys = 0,
        Initiator = SaeId.Parse("sam"),
        Responder = SaeId.Parse("sofia"),
        KeyIds = [Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")],
    };

    public static LinkHello PadHello { get; } = Hello with
    {
        Cipher = LinkCipher.OneTimePad,
        KeyBytes = PadSize,
        InitiatorKeys = 1,
        KeyIds = [.. Hello.KeyIds, Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100")],
    };

    /// <summary>The hello with its MAC.</summary>
    public static byte[] Write(LinkHello hello, ReadOnlySpan<byte> root)
    {
        var unsigned = Unsigned(hello);
        using var confirmation = EpochConfirmation.Derive(unsigned, root[..EpochConfirmation.RootSize]);
        var mac = new byte[EpochConfirmation.MacSize];
        confirmation.Sign(unsigned, mac);
        return [.. unsigned, .. mac];
    }

    public static byte[] Unsigned(LinkHello hello)
    {
        var bytes = new byte[hello.UnsignedSize];
        Assert.Equal(bytes.Length, hello.WriteUnsigned(bytes));
        return bytes;
    }

    /// <summary>The epochs of one end, with these installed and the last one active. Each epoch has a key of its own.</summary>
    public static EpochRing Ring(LinkRole role, params long[] epochs)
    {
        var ring = new EpochRing();
        foreach (var epoch in epochs)
        {
            Add(ring, role, epoch);
            ring.Activate(epoch);
        }

        return ring;
    }

    public static void Add(EpochRing ring, LinkRole role, long epoch)
    {
        var key = epoch == Epoch ? Key : SHA256.HashData(BitConverter.GetBytes(epoch));
        ring.Install(EpochKeys.Derive(role, epoch, Unsigned(Hello with { Epoch = epoch }), key));
    }

    /// <summary>The pads of one end.</summary>
    public static PadSecrets Pads(LinkRole role, long epoch = Epoch)
    {
        var pads = new PadSecrets();
        AddPads(pads, role, epoch);
        pads.Activate(epoch);
        return pads;
    }

    public static void AddPads(PadSecrets pads, LinkRole role, long epoch)
    {
        using var first = SecretBytes.CopyOf(PadToResponder);
        using var second = SecretBytes.CopyOf(PadToInitiator);
        pads.Install(epoch, role, 1, [first, second]);
    }

    /// <summary>Both ciphers of an end of one stream.</summary>
    public static (RecordSealer Sealer, RecordOpener Opener) Stream(LinkSecrets secrets, long epoch = Epoch, StreamNonces? nonces = null)
    {
        Assert.True(secrets.TryCreate(nonces ?? Nonces, epoch, out var sealer, out var opener));
        return (sealer, opener);
    }

    public static byte[] Seal(RecordSealer sealer, RecordType type, ReadOnlySpan<byte> payload)
    {
        var record = new byte[RecordFormat.HeaderSize + payload.Length + RecordFormat.TagSize];
        payload.CopyTo(RecordFormat.PayloadOf(record, payload.Length));
        Assert.True(sealer.TrySeal(type, record));
        return record;
    }

    /// <summary>Opens a copy of a record and expects this payload.</summary>
    public static void AssertOpens(RecordOpener opener, byte[] record, RecordType type, ReadOnlySpan<byte> payload)
    {
        Assert.Equal(RecordStatus.Accepted, opener.TryOpen(record.ToArray(), out var opened, out var text));
        Assert.Equal(type, opened);
        Assert.Equal(payload.ToArray(), text.ToArray());
    }

    public static RecordStatus Open(RecordOpener opener, byte[] record)
    {
        var status = opener.TryOpen(record.ToArray(), out _, out var payload);
        Assert.True(status == RecordStatus.Accepted || payload.IsEmpty);
        return status;
    }

    private static byte[] Sequence(int first, int count) => [.. Enumerable.Range(first, count).Select(static i => (byte)i)];

    private static byte[] BlockOf(int index)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, index);
        return SHA256.HashData(number);
    }
}
