using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Dske.Protocol.Secrets;

namespace Dske.Storage.Records;

/// <summary>
/// How records lie in their file: slots of <see cref="SlotSize"/> bytes, a record in as many of them as it needs, rounded up to a power of two.
/// Content and state each carry a tag under the file's own key, bound to the slot: what a loss of power tore apart is no record, and
/// neither is what somebody who has a record stored put into its content.
/// </summary>
/// <remarks>
/// A record: length of the content (4 bytes), state (8 bytes of milliseconds, 4 bytes of bits), tag of the state (8), tag of the content (16),
/// content. All numbers big endian but the bits, which are little endian. What changes in place, the state and its tag, lies within one sector.
/// </remarks>
internal static class RecordLayout
{
    /// <summary>The size of a slot, in bytes: two to a sector.</summary>
    public const int SlotSize = 256;

    /// <summary>The longest content, in bytes.</summary>
    public const int MaxContent = 4 * 1024 * 1024;

    /// <summary>The size of the key, in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Where the state begins within a record, in bytes.</summary>
    public const int StateOffset = sizeof(int);

    /// <summary>The size of a state with its tag, in bytes.</summary>
    public const int StateSize = StateContentSize + StateTagSize;

    /// <summary>What comes before the content, in bytes.</summary>
    public const int HeaderSize = StateOffset + StateSize + ContentTagSize;

    private const int StateContentSize = 12;
    private const int StateTagSize = 8;
    private const int ContentTagSize = 16;

    /// <summary>How many slots a record takes.</summary>
    /// <param name="contentLength">The length of its content, in bytes: 1 to <see cref="MaxContent"/>.</param>
    public static int CountSlots(int contentLength)
        => (int)BitOperations.RoundUpToPowerOf2((uint)(HeaderSize + contentLength + SlotSize - 1) / SlotSize);

    /// <summary>Lays out a record.</summary>
    /// <returns>The record, which the caller disposes.</returns>
    public static SecretBytes Write(ReadOnlySpan<byte> key, int slot, RecordState state, ReadOnlySpan<byte> content)
    {
        var record = new SecretBytes(HeaderSize + content.Length);
        BinaryPrimitives.WriteInt32BigEndian(record.Span, content.Length);
        WriteState(key, slot, state, record.Span[StateOffset..]);
        content.CopyTo(record.Span[HeaderSize..]);
        TagContent(key, slot, content, record.Span.Slice(StateOffset + StateSize, ContentTagSize));
        return record;
    }

    /// <summary>Lays out a state with its tag: <see cref="StateSize"/> bytes.</summary>
    public static void WriteState(ReadOnlySpan<byte> key, int slot, RecordState state, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, state.Until.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(destination[sizeof(long)..], state.Delivered);
        TagState(key, slot, destination[..StateContentSize], destination.Slice(StateContentSize, StateTagSize));
    }

    /// <summary>The length of the content that a record claims to have; 0 when that is none.</summary>
    /// <param name="record">At least the header.</param>
    public static int ReadLength(ReadOnlySpan<byte> record)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(record);
        return length is > 0 and <= MaxContent ? length : 0;
    }

    /// <summary>Whether a record's state is one that was written here: cheap, whatever the length that it claims.</summary>
    /// <param name="key">The file's key.</param>
    /// <param name="slot">Where it was found.</param>
    /// <param name="record">At least the header.</param>
    public static bool HasState(ReadOnlySpan<byte> key, int slot, ReadOnlySpan<byte> record)
    {
        Span<byte> tag = stackalloc byte[StateTagSize];
        TagState(key, slot, record.Slice(StateOffset, StateContentSize), tag);
        return CryptographicOperations.FixedTimeEquals(tag, record.Slice(StateOffset + StateContentSize, StateTagSize));
    }

    /// <summary>Reads a whole record.</summary>
    /// <param name="key">The file's key.</param>
    /// <param name="slot">Where it was found.</param>
    /// <param name="record">Header and content, no more.</param>
    /// <param name="state">Its state.</param>
    /// <returns>False when it is no record.</returns>
    public static bool TryRead(ReadOnlySpan<byte> key, int slot, ReadOnlySpan<byte> record, out RecordState state)
    {
        state = default;
        Span<byte> tags = stackalloc byte[StateTagSize + ContentTagSize];
        var stateContent = record.Slice(StateOffset, StateContentSize);
        TagState(key, slot, stateContent, tags[..StateTagSize]);
        TagContent(key, slot, record[HeaderSize..], tags[StateTagSize..]);
        var until = BinaryPrimitives.ReadInt64BigEndian(stateContent);
        if (!CryptographicOperations.FixedTimeEquals(tags, record[(StateOffset + StateContentSize)..HeaderSize])
            || until < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || until > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        state = new RecordState(DateTimeOffset.FromUnixTimeMilliseconds(until), BinaryPrimitives.ReadUInt32LittleEndian(stateContent[sizeof(long)..]));
        return true;
    }

    private static void TagState(ReadOnlySpan<byte> key, int slot, ReadOnlySpan<byte> state, Span<byte> tag)
    {
        Span<byte> message = stackalloc byte[1 + sizeof(int) + StateContentSize];
        message[0] = (byte)'S';
        BinaryPrimitives.WriteInt32BigEndian(message[1..], slot);
        state.CopyTo(message[(1 + sizeof(int))..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message, hash);
        hash[..tag.Length].CopyTo(tag);
    }

    private static void TagContent(ReadOnlySpan<byte> key, int slot, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        // One piece costs least, and most contents are short.
        using var message = new SecretBytes(1 + sizeof(int) + content.Length);
        message.Span[0] = (byte)'C';
        BinaryPrimitives.WriteInt32BigEndian(message.Span[1..], slot);
        content.CopyTo(message.Span[(1 + sizeof(int))..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message.Span, hash);
        hash[..tag.Length].CopyTo(tag);
    }
}
