using System.Buffers.Binary;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The layout of a record: type (1 byte), length of payload and tag (3 bytes), position (8 bytes), the sealed payload, the tag (16 bytes). The
/// position is the number of the record under its key, or where in the pad its key bytes begin. Numbers are big-endian.
/// </summary>
public static class RecordFormat
{
    /// <summary>The size of what stands before the payload, in bytes.</summary>
    public const int HeaderSize = 12;

    /// <summary>The size of the tag behind it, in bytes.</summary>
    public const int TagSize = 16;

    /// <summary>The greatest payload, in bytes.</summary>
    public const int MaxPayload = MaxRecord - HeaderSize - TagSize;

    /// <summary>The greatest record, in bytes.</summary>
    public const int MaxRecord = 64 * 1024;

    /// <summary>The payload's place in a record.</summary>
    /// <param name="record">A buffer for a record.</param>
    /// <param name="payload">The length of the payload.</param>
    /// <exception cref="ArgumentOutOfRangeException">The record is too short.</exception>
    public static Span<byte> PayloadOf(Span<byte> record, int payload) => record.Slice(HeaderSize, payload);

    /// <summary>Finds out how long the record is that begins a span.</summary>
    /// <param name="source">What was received.</param>
    /// <param name="length">The length of the whole record; 0 when it takes more bytes to say.</param>
    /// <returns>False when it is no record.</returns>
    public static bool TryMeasure(ReadOnlySpan<byte> source, out int length)
    {
        length = 0;
        if (source.Length < 4)
        {
            return true;
        }

        var body = (int)(BinaryPrimitives.ReadUInt32BigEndian(source) & 0xFFFFFF);
        if (body is < TagSize or > MaxRecord - HeaderSize || !IsType(source[0]))
        {
            return false;
        }

        length = HeaderSize + body;
        return true;
    }

    internal static void WriteHeader(Span<byte> record, RecordType type, int payload, long position)
    {
        BinaryPrimitives.WriteUInt32BigEndian(record, ((uint)type << 24) | (uint)(payload + TagSize));
        BinaryPrimitives.WriteInt64BigEndian(record[4..], position);
    }

    internal static bool TryReadHeader(ReadOnlySpan<byte> record, out RecordType type, out long position)
    {
        (type, position) = (default, 0);
        if (!TryMeasure(record, out var length) || length != record.Length)
        {
            return false;
        }

        type = (RecordType)record[0];
        position = BinaryPrimitives.ReadInt64BigEndian(record[4..]);
        var payload = length - HeaderSize - TagSize;
        return position >= 0 && type switch
        {
            RecordType.Open => payload > 0,
            RecordType.Data => payload > 0,
            RecordType.Fin => payload == 0,
            RecordType.KeyUpdate => payload == sizeof(long),
            _ => payload == 1,
        };
    }

    private static bool IsType(byte type) => type is >= (byte)RecordType.Open and <= (byte)RecordType.Refused;
}
