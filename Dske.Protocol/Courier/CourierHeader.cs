using System.Buffers.Binary;
using System.Text;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Courier;

/// <summary>
/// The beginning of a couriered file, in clear: enough to carry it to the right place and to make the key. All of it is authenticated with every
/// chunk, so that it can be believed once the file has been opened.
/// </summary>
public sealed record CourierHeader
{
    /// <summary>Its size, in bytes.</summary>
    public const int Size = 224;

    /// <summary>The size of the salt, in bytes.</summary>
    public const int SaltSize = 32;

    /// <summary>The most bytes that one file seals: 1 TiB.</summary>
    public const long MaxContent = 1L << 40;

    private const ushort Version = 1;
    private const int KindOffset = 10;
    private const int MemoryOffset = 12;
    private const int PassesOffset = 16;
    private const int LanesOffset = 20;
    private const int SaltOffset = 24;
    private const int FileOffset = 56;
    private const int ContentOffset = 72;
    private const int ChunkOffset = 80;
    private const int HubOffset = 84;
    private const int ClientOffset = HubOffset + 1 + NodeName.MaxLength;
    private const int RestOffset = ClientOffset + 1 + NodeName.MaxLength;

    /// <summary>What the secret is.</summary>
    public required CourierSecretKind Kind { get; init; }

    /// <summary>How much work the key is. With a key file all zero.</summary>
    public required CourierCost Cost { get; init; }

    /// <summary>The salt: <see cref="SaltSize"/> random bytes, so that each file has a key of its own.</summary>
    public required ReadOnlyMemory<byte> Salt { get; init; }

    /// <summary>The file's UUID.</summary>
    public required Guid File { get; init; }

    /// <summary>How many bytes are sealed, from 1 to <see cref="MaxContent"/>: the manifest and the blocks.</summary>
    public required long ContentLength { get; init; }

    /// <summary>The hub that made it.</summary>
    public required NodeName Hub { get; init; }

    /// <summary>The client that it is for.</summary>
    public required NodeName Client { get; init; }

    /// <summary>The length of the whole file, in bytes.</summary>
    public long FileLength => Size + ContentLength + (CourierChunks.Count(ContentLength) * CourierChunks.TagSize);

    private static ReadOnlySpan<byte> Magic => "DSKEPSRD"u8;

    /// <summary>Whether bytes begin as a couriered file does.</summary>
    /// <param name="bytes">The first bytes of a file; 8 are looked at.</param>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The first <see cref="Size"/> bytes of a file.</param>
    /// <param name="header">The header, when the result is null.</param>
    /// <returns>What is wrong with it.</returns>
    public static CourierFault? TryRead(ReadOnlySpan<byte> bytes, out CourierHeader? header)
    {
        header = null;
        if (!HasMagic(bytes))
        {
            return CourierFault.NotCourier;
        }

        if (bytes.Length < Size)
        {
            return CourierFault.Truncated;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]) != Version)
        {
            return CourierFault.UnknownVersion;
        }

        var kind = (CourierSecretKind)BinaryPrimitives.ReadUInt16BigEndian(bytes[KindOffset..]);
        var cost = new CourierCost(ReadInt32(bytes, MemoryOffset), ReadInt32(bytes, PassesOffset), ReadInt32(bytes, LanesOffset));
        var content = BinaryPrimitives.ReadInt64BigEndian(bytes[ContentOffset..]);
        if (!Enum.IsDefined(kind)
            || (kind == CourierSecretKind.KeyFile && cost != default)
            || content is < 1 or > MaxContent
            || ReadInt32(bytes, ChunkOffset) != CourierChunks.Size
            || !TryReadName(bytes[HubOffset..ClientOffset], out var hub)
            || !TryReadName(bytes[ClientOffset..RestOffset], out var client)
            || bytes[RestOffset..Size].ContainsAnyExcept((byte)0))
        {
            return CourierFault.NotCourier;
        }

        if (kind == CourierSecretKind.Passphrase && !cost.IsBounded)
        {
            return CourierFault.KeyTooCostly;
        }

        header = new CourierHeader
        {
            Kind = kind,
            Cost = cost,
            Salt = bytes.Slice(SaltOffset, SaltSize).ToArray(),
            File = new Guid(bytes.Slice(FileOffset, 16), bigEndian: true),
            ContentLength = content,
            Hub = hub,
            Client = client,
        };
        return null;
    }

    /// <summary>Writes the header.</summary>
    /// <returns><see cref="Size"/> bytes.</returns>
    /// <exception cref="InvalidOperationException">A member is out of its range.</exception>
    public byte[] ToBytes()
    {
        if (Salt.Length != SaltSize || Hub.IsEmpty || Client.IsEmpty || ContentLength is < 1 or > MaxContent
            || (Kind == CourierSecretKind.Passphrase ? !Cost.IsBounded : Cost != default))
        {
            throw new InvalidOperationException("The header of a couriered file needs names, a salt of its size, a bounded cost and a content.");
        }

        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(KindOffset), (ushort)Kind);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(MemoryOffset), Cost.MemoryKib);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(PassesOffset), Cost.Passes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(LanesOffset), Cost.Lanes);
        Salt.Span.CopyTo(bytes.AsSpan(SaltOffset));
        File.TryWriteBytes(bytes.AsSpan(FileOffset), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(ContentOffset), ContentLength);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(ChunkOffset), CourierChunks.Size);
        WriteName(bytes.AsSpan(HubOffset), Hub);
        WriteName(bytes.AsSpan(ClientOffset), Client);
        return bytes;
    }

    private static int ReadInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes[offset..]);

    /// <summary>A byte with the length, the name in ASCII, zeros: one spelling for each name.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> field, out NodeName name)
    {
        name = default;
        var length = field[0];
        return length <= NodeName.MaxLength
            && !field[(1 + length)..].ContainsAnyExcept((byte)0)
            && NodeName.TryParse(Encoding.ASCII.GetString(field.Slice(1, length)), out name);
    }

    private static void WriteName(Span<byte> field, NodeName name) => field[0] = (byte)Encoding.ASCII.GetBytes(name.Value, field[1..]);
}
