using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// What an initiator sends to begin an epoch: which keys the responder is to get from its KME, and for what. Nothing in it is secret; the MAC at
/// its end (<see cref="EpochConfirmation"/>) is keyed with the keys that it names. <c>docs/protocol-encryptor.md</c> has it byte by byte.
/// </summary>
public sealed record LinkHello
{
    /// <summary>The most keys of a hello.</summary>
    public const int MaxKeys = 128;

    /// <summary>The most bytes of a hello, its MAC included.</summary>
    public const int MaxSize = FixedSize + (2 * (sizeof(ushort) + MaxNameBytes)) + (MaxKeys * KeyIdSize) + EpochConfirmation.MacSize;

    /// <summary>The longest key, in bytes.</summary>
    public const int MaxKeyBytes = KeySizes.MaxBytes;

    private const int FixedSize = 60;
    private const int KeyIdSize = 16;
    private const int MaxNameBytes = SaeId.MaxLength * 3;
    private const byte Version = 1;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The cipher.</summary>
    public required LinkCipher Cipher { get; init; }

    /// <summary>The initiator's link instance, drawn anew whenever that end starts the link.</summary>
    public required Guid InitiatorInstance { get; init; }

    /// <summary>The responder's link instance as far as the initiator knows: all zero at first.</summary>
    public required Guid ResponderInstance { get; init; }

    /// <summary>The epoch, from 1, higher than all before it in this instance.</summary>
    public required long Epoch { get; init; }

    /// <summary>How long its keys may be used, in seconds, at least 1.</summary>
    public required int MaxKeyAgeSeconds { get; init; }

    /// <summary>The size of each key in bytes: 32 for AES-256-GCM; for the one-time pad at least <see cref="PadKeys.MinKeyBytes"/>.</summary>
    public required int KeyBytes { get; init; }

    /// <summary>How many of the keys, the first ones, are pad for what the initiator sends; 0 for AES-256-GCM.</summary>
    public required int InitiatorKeys { get; init; }

    /// <summary>The initiator.</summary>
    public required SaeId Initiator { get; init; }

    /// <summary>The responder.</summary>
    public required SaeId Responder { get; init; }

    /// <summary>The keys' IDs: 1 to <see cref="MaxKeys"/>, all different; exactly 1 for AES-256-GCM.</summary>
    public required IReadOnlyList<Guid> KeyIds { get; init; }

    /// <summary>The size of all but the MAC, in bytes.</summary>
    public int UnsignedSize => FixedSize
        + (2 * sizeof(ushort))
        + Encoding.UTF8.GetByteCount(Initiator.Value)
        + Encoding.UTF8.GetByteCount(Responder.Value)
        + (KeyIds.Count * KeyIdSize);

    /// <summary>Writes all but the MAC.</summary>
    /// <param name="destination">Where to: at least <see cref="UnsignedSize"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public int WriteUnsigned(Span<byte> destination)
    {
        if (destination.Length < UnsignedSize)
        {
            throw new ArgumentException($"The hello has {UnsignedSize} bytes without its MAC.", nameof(destination));
        }

        WritePrefix(destination, LinkMessageType.Hello, (byte)Cipher);
        InitiatorInstance.TryWriteBytes(destination[8..], bigEndian: true, out _);
        ResponderInstance.TryWriteBytes(destination[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(destination[40..], Epoch);
        BinaryPrimitives.WriteInt32BigEndian(destination[48..], MaxKeyAgeSeconds);
        BinaryPrimitives.WriteInt32BigEndian(destination[52..], KeyBytes);
        BinaryPrimitives.WriteUInt16BigEndian(destination[56..], (ushort)InitiatorKeys);
        BinaryPrimitives.WriteUInt16BigEndian(destination[58..], (ushort)KeyIds.Count);
        var written = FixedSize;
        written += WriteText(Initiator.Value, destination[written..]);
        written += WriteText(Responder.Value, destination[written..]);
        foreach (var keyId in KeyIds)
        {
            keyId.TryWriteBytes(destination[written..], bigEndian: true, out _);
            written += KeyIdSize;
        }

        return written;
    }

    /// <summary>Reads a hello. Its MAC is the last <see cref="EpochConfirmation.MacSize"/> bytes, for the caller to check once it has the keys.</summary>
    /// <param name="source">The whole message.</param>
    /// <param name="hello">What was read, when the result is true: every value within its range.</param>
    /// <returns>False when it is no hello.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out LinkHello? hello)
    {
        hello = null;
        if (source.Length is < FixedSize or > MaxSize
            || !TryReadPrefix(source, out var type, out var cipher)
            || type != LinkMessageType.Hello)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt16BigEndian(source[58..]);
        var rest = source[FixedSize..];
        if (!TryReadName(ref rest, out var initiator)
            || !TryReadName(ref rest, out var responder)
            || count is < 1 or > MaxKeys
            || rest.Length != (count * KeyIdSize) + EpochConfirmation.MacSize)
        {
            return false;
        }

        var keyIds = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            keyIds[i] = new Guid(rest.Slice(i * KeyIdSize, KeyIdSize), bigEndian: true);
        }

        var read = new LinkHello
        {
            Cipher = (LinkCipher)cipher,
            InitiatorInstance = new Guid(source[8..24], bigEndian: true),
            ResponderInstance = new Guid(source[24..40], bigEndian: true),
            Epoch = BinaryPrimitives.ReadInt64BigEndian(source[40..]),
            MaxKeyAgeSeconds = BinaryPrimitives.ReadInt32BigEndian(source[48..]),
            KeyBytes = BinaryPrimitives.ReadInt32BigEndian(source[52..]),
            InitiatorKeys = BinaryPrimitives.ReadUInt16BigEndian(source[56..]),
            Initiator = initiator,
            Responder = responder,
            KeyIds = keyIds,
        };
        hello = read.IsInRange() ? read : null;
        return hello is not null;
    }

    internal static void WritePrefix(Span<byte> destination, LinkMessageType type, byte cipher)
    {
        "DSKL"u8.CopyTo(destination);
        destination[4] = Version;
        destination[5] = (byte)type;
        destination[6] = cipher;
        destination[7] = 0;
    }

    internal static bool TryReadPrefix(ReadOnlySpan<byte> source, out LinkMessageType type, out byte cipher)
    {
        (type, cipher) = ((LinkMessageType)source[5], source[6]);
        return source.StartsWith("DSKL"u8) && source[4] == Version && source[7] == 0;
    }

    private bool IsInRange() =>
        Epoch > 0
        && MaxKeyAgeSeconds > 0
        && Initiator != Responder
        && KeyIds.Distinct().Count() == KeyIds.Count
        && Cipher switch
        {
            LinkCipher.Aes256Gcm => KeyIds.Count == 1 && KeyBytes == EpochKeys.KeySize && InitiatorKeys == 0,
            LinkCipher.OneTimePad => Epoch <= PadKeys.MaxEpoch && KeyBytes is >= PadKeys.MinKeyBytes and <= MaxKeyBytes && InitiatorKeys <= KeyIds.Count,
            _ => false,
        };

    private static int WriteText(string text, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)length));
        return sizeof(ushort) + length;
    }

    private static bool TryReadName(ref ReadOnlySpan<byte> source, out SaeId name)
    {
        name = default;
        if (source.Length < sizeof(ushort))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(source);
        if (length > MaxNameBytes || source.Length < sizeof(ushort) + length)
        {
            return false;
        }

        var bytes = source.Slice(sizeof(ushort), length);
        source = source[(sizeof(ushort) + length)..];
        return System.Text.Unicode.Utf8.IsValid(bytes) && SaeId.TryParse(StrictUtf8.GetString(bytes), out name);
    }
}
