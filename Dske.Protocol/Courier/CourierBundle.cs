using System.Buffers.Binary;

namespace Dske.Protocol.Courier;

/// <summary>
/// Several couriered files in one, each sealed by itself: a bundle for the clients of a site. It begins with <c>DSKEBNDL</c>, the version 1 and the
/// number of files (two bytes each); before each file stands its length in 8 bytes. All numbers have their greatest byte first. The bundle itself is
/// not sealed: whoever changes it can leave a file out, and no more.
/// </summary>
public static class CourierBundle
{
    /// <summary>The most files in a bundle.</summary>
    public const int MaxFiles = 1024;

    /// <summary>The size of what stands before the first file, in bytes.</summary>
    public const int HeadSize = 12;

    /// <summary>The size of the length before each file, in bytes.</summary>
    public const int LengthSize = 8;

    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "DSKEBNDL"u8;

    /// <summary>Whether bytes begin as a bundle does.</summary>
    /// <param name="bytes">The first bytes of a file; 8 are looked at.</param>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>What stands before the first file.</summary>
    /// <param name="files">How many there are: 1 to <see cref="MaxFiles"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="files"/> is out of range.</exception>
    public static byte[] FormatHead(int files)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(files, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files, MaxFiles);
        var head = new byte[HeadSize];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), (ushort)files);
        return head;
    }

    /// <summary>What stands before each file.</summary>
    /// <param name="length">The length of the file, in bytes.</param>
    public static byte[] FormatLength(long length)
    {
        var bytes = new byte[LengthSize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, length);
        return bytes;
    }

    /// <summary>Finds the files of a bundle, or the one that a file is by itself.</summary>
    /// <param name="source">The file; can be sought, and stays the caller's.</param>
    /// <param name="entries">Where each begins, how long it is and its header, when the result is null.</param>
    /// <returns>What is wrong with the bundle, or with the header of a file in it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CourierFault? TryList(Stream source, out IReadOnlyList<CourierEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(source);
        entries = [];
        Span<byte> head = stackalloc byte[HeadSize];
        source.Position = 0;
        var length = source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var found = new List<CourierEntry>();
        if (!HasMagic(head[..length]))
        {
            var fault = TryRead(source, 0, source.Length, found);
            entries = found;
            return fault;
        }

        if (length < HeadSize)
        {
            return CourierFault.Truncated;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(head[8..]) != Version)
        {
            return CourierFault.UnknownVersion;
        }

        var count = BinaryPrimitives.ReadUInt16BigEndian(head[10..]);
        if (count is < 1 or > MaxFiles)
        {
            return CourierFault.NotCourier;
        }

        Span<byte> prefix = stackalloc byte[LengthSize];
        long position = HeadSize;
        for (var i = 0; i < count; i++)
        {
            source.Position = position;
            if (source.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            {
                return CourierFault.Truncated;
            }

            position += LengthSize;
            var size = BinaryPrimitives.ReadInt64BigEndian(prefix);
            if (size < CourierHeader.Size)
            {
                return CourierFault.Damaged;
            }

            if (size > source.Length - position)
            {
                return CourierFault.Truncated;
            }

            if (TryRead(source, position, size, found) is { } fault)
            {
                return fault;
            }

            position += size;
        }

        entries = found;
        return position == source.Length ? null : CourierFault.Damaged;
    }

    private static CourierFault? TryRead(Stream source, long position, long length, List<CourierEntry> entries)
    {
        Span<byte> bytes = stackalloc byte[CourierHeader.Size];
        source.Position = position;
        var read = source.ReadAtLeast(bytes[..(int)Math.Min(bytes.Length, length)], (int)Math.Min(bytes.Length, length), throwOnEndOfStream: false);
        var fault = CourierHeader.TryRead(bytes[..read], out var header);
        if (fault is null && length != header!.FileLength)
        {
            return length < header.FileLength ? CourierFault.Truncated : CourierFault.Damaged;
        }

        if (fault is null)
        {
            entries.Add(new CourierEntry(position, length, header!));
        }

        return fault;
    }
}
