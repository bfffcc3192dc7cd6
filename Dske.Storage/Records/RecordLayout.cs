using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

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
    /// <param name="tags">Makes the file's tags.</param>
    /// <param name="slot">Where it will lie.</param>
    /// <param name="state">Its state.</param>
    /// <param name="content">Its content.</param>
    /// <param name="record">Where it goes: the header and the content, no more.</param>
    public static void Write(RecordTags tags, int slot, RecordState state, ReadOnlySpan<byte> content, Span<byte> record)
    {
        BinaryPrimitives.WriteInt32BigEndian(record, content.Length);
        WriteState(tags, slot, state, record[StateOffset..]);
        content.CopyTo(record[HeaderSize..]);
        TagContent(tags, slot, content, record.Slice(StateOffset + StateSize, ContentTagSize));
    }

    /// <summary>Lays out a state with its tag: <see cref="StateSize"/> bytes.</summary>
    public static void WriteState(RecordTags tags, int slot, RecordState state, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, state.Until.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(destination[sizeof(long)..], state.Delivered);
        TagState(tags, slot, destination[..StateContentSize], destination.Slice(StateContentSize, StateTagSize));
    }

    /// <summary>The length of the content that a record claims to have; 0 when that is none.</summary>
    /// <param name="record">At least the header.</param>
    public static int ReadLength(ReadOnlySpan<byte> record)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(record);
        return length is > 0 and <= MaxContent ? length : 0;
    }

    /// <summary>Whether a record's state is one that was written here: cheap, whatever the length that it claims.</summary>
    /// <param name="tags">Makes the file's tags.</param>
    /// <param name="slot">Where it was found.</param>
    /// <param name="record">At least the header.</param>
    public static bool HasState(RecordTags tags, int slot, ReadOnlySpan<byte> record)
    {
        Span<byte> tag = stackalloc byte[StateTagSize];
        TagState(tags, slot, record.Slice(StateOffset, StateContentSize), tag);
        return CryptographicOperations.FixedTimeEquals(tag, record.Slice(StateOffset + StateContentSize, StateTagSize));
    }

    /// <summary>Reads a whole record.</summary>
    /// <param name="tags">Makes the file's tags.</param>
    /// <param name="slot">Where it was found.</param>
    /// <param name="record">Header and content, no more.</param>
    /// <param name="state">Its state.</param>
    /// <returns>False when it is no record.</returns>
    public static bool TryRead(RecordTags tags, int slot, ReadOnlySpan<byte> record, out RecordState state)
    {
        state = default;
        Span<byte> made = stackalloc byte[StateTagSize + ContentTagSize];
        var stateContent = record.Slice(StateOffset, StateContentSize);
        TagState(tags, slot, stateContent, made[..StateTagSize]);
        TagContent(tags, slot, record[HeaderSize..], made[StateTagSize..]);
        var until = BinaryPrimitives.ReadInt64BigEndian(stateContent);
        if (!CryptographicOperations.FixedTimeEquals(made, record[(StateOffset + StateContentSize)..HeaderSize])
            || until < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || until > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        state = new RecordState(DateTimeOffset.FromUnixTimeMilliseconds(until), BinaryPrimitives.ReadUInt32LittleEndian(stateContent[sizeof(long)..]));
        return true;
    }

    private static void TagState(RecordTags tags, int slot, ReadOnlySpan<byte> state, Span<byte> tag) => tags.Make('S', slot, state, tag);

    private static void TagContent(RecordTags tags, int slot, ReadOnlySpan<byte> content, Span<byte> tag) => tags.Make('C', slot, content, tag);
}
