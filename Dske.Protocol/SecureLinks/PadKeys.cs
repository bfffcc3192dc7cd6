namespace Dske.Protocol.SecureLinks;

/// <summary>
/// Where key bytes of a one-time pad are. A position is the epoch (31 bits), which of its keys (8 bits) and the offset in that key (24 bits). A record
/// takes its bytes from one key, one after the other: 32 for its authenticator, then as many as its payload has.
/// </summary>
public static class PadKeys
{
    /// <summary>The shortest key, in bytes: the first one begins with 32 that serve for the confirmation only.</summary>
    public const int MinKeyBytes = 4 * 1024;

    /// <summary>The highest epoch.</summary>
    public const long MaxEpoch = int.MaxValue;

    /// <summary>How many key bytes a record takes besides those for its payload.</summary>
    public const int RecordOverhead = Poly1305.KeySize;

    /// <summary>The greatest payload of a record that is sealed with a pad, in bytes. A smaller record leaves less of a key over.</summary>
    public const int MaxPayload = 16 * 1024;

    private const int OffsetBits = 24;
    private const int KeyBits = 8;

    internal static long PositionOf(long epoch, int key, int offset) => (epoch << (KeyBits + OffsetBits)) | ((long)key << OffsetBits) | (uint)offset;

    internal static (long Segment, int Offset) Split(long position) => (position >> OffsetBits, (int)(position & ((1 << OffsetBits) - 1)));

    /// <summary>How much of the key of an epoch is not pad.</summary>
    internal static int SkipOf(int key) => key == 0 ? EpochConfirmation.RootSize : 0;
}
