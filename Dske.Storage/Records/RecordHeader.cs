using System.Buffers.Binary;
using System.Security.Cryptography;
using Dske.Protocol.Secrets;

namespace Dske.Storage.Records;

/// <summary>How a file of records begins: what it is, whose it is, under which key its tags are made, and how many slots it has at least.</summary>
/// <param name="Owner">The instance that the file belongs to.</param>
/// <param name="Key">The key of the tags, drawn with the file.</param>
/// <param name="Slots">Below this slot the file surely reaches.</param>
internal sealed record RecordHeader(Guid Owner, byte[] Key, int Slots)
{
    /// <summary>The room for it, in bytes. Records begin behind.</summary>
    public const int Size = 4096;

    private const int Length = 8 + sizeof(int) + 16 + RecordLayout.KeySize + sizeof(int) + TagSize;
    private const int TagSize = 16;
    private const int Version = 1;
    private static readonly byte[] Magic = "DSKEREC\n"u8.ToArray();

    /// <summary>Writes it down: far less than a sector, so that it is replaced whole or not at all.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Version);
        Owner.TryWriteBytes(bytes.AsSpan(12), bigEndian: true, out _);
        Key.CopyTo(bytes, 28);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28 + RecordLayout.KeySize), Slots);
        HMACSHA256.HashData(Key, bytes.AsSpan(..^TagSize)).AsSpan(0, TagSize).CopyTo(bytes.AsSpan(^TagSize..));
        return bytes;
    }

    /// <summary>Reads it; null when it is damaged, or of a version that this program does not know.</summary>
    /// <param name="bytes">The first <see cref="Size"/> bytes of the file.</param>
    public static RecordHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var header = new RecordHeader(
            new Guid(bytes.Slice(12, 16), bigEndian: true),
            bytes.Slice(28, RecordLayout.KeySize).ToArray(),
            BinaryPrimitives.ReadInt32BigEndian(bytes[(28 + RecordLayout.KeySize)..]));
        return CryptographicOperations.FixedTimeEquals(header.ToBytes(), bytes[..Length]) ? header : null;
    }

    /// <summary>Draws the header of a new file.</summary>
    public static RecordHeader Draw(Guid owner, IEntropySource entropy)
    {
        using var key = entropy.NextSecret(RecordLayout.KeySize);
        return new RecordHeader(owner, key.Span.ToArray(), 0);
    }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(RecordHeader)}({Owner}, {Slots})";
}
