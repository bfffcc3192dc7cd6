using System.Buffers.Binary;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Courier;

/// <summary>
/// Reads couriered files, chunk by chunk: never more of one in memory. What it hands out is authentic as far as it goes; that the file is whole
/// <see cref="CheckAll"/> tells, which is to be asked before anything of it counts.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class CourierReader : IDisposable
{
    private const int PrefixSize = 4;

    private readonly Stream _source;
    private readonly CourierChunks _chunks;
    private readonly SecretBytes _content = new(CourierChunks.Size);
    private readonly byte[] _sealed = new byte[CourierChunks.Size + CourierChunks.TagSize];
    private long _number;
    private int _used;
    private int _filled;

    private CourierReader(Stream source, CourierHeader header, CourierChunks chunks)
        => (_source, Header, _chunks) = (source, header, chunks);

    /// <summary>The beginning of the file.</summary>
    public CourierHeader Header { get; }

    /// <summary>What the file says.</summary>
    public CourierManifest Manifest { get; private set; } = null!;

    /// <summary>Opens a file: makes its key, and reads what it says. With a passphrase this takes time and memory within the bounds of <see cref="CourierCost"/>.</summary>
    /// <param name="source">The file: can be read and sought, from its beginning, and stays the caller's.</param>
    /// <param name="secret">What opens it; stays the caller's.</param>
    /// <param name="reader">The open file, which the caller disposes, when the result is null.</param>
    /// <returns>What is wrong with the file.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CourierFault? TryOpen(Stream source, CourierSecret secret, out CourierReader? reader)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(secret);
        reader = null;
        source.Position = 0;
        Span<byte> bytes = stackalloc byte[CourierHeader.Size];
        var length = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if ((CourierHeader.TryRead(bytes[..length], out var header) ?? CheckBeforeKey(header!, source.Length, secret)) is { } fault)
        {
            return fault;
        }

        var opened = new CourierReader(source, header!, CourierChunks.Create(header!, secret));
        try
        {
            if ((opened.TryReadManifest() ?? opened.CheckManifest()) is { } found)
            {
                // Nobody can tell a wrong secret from a first chunk that was changed.
                return found == CourierFault.Damaged && opened._number == 0 ? CourierFault.WrongSecret : found;
            }

            (reader, opened) = (opened, null!);
            return null;
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>Reads all of the file, and then goes back to its first block: what is read from then on is known to be whole.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What is wrong with it.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public CourierFault? CheckAll(CancellationToken cancellationToken)
    {
        using var scratch = new SecretBytes(CourierChunks.Size);
        for (var left = Manifest.Blocks.Sum(block => block.Size); left > 0; left -= Math.Min(left, scratch.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(scratch.Span[..(int)Math.Min(left, scratch.Length)]) is { } fault)
            {
                return fault;
            }
        }

        _source.Position = CourierHeader.Size;
        _number = _used = _filled = 0;
        return TryReadManifest();
    }

    /// <summary>Reads the next bytes of the blocks, which follow one another without gaps.</summary>
    /// <param name="destination">The bytes to fill; no more than are left. Zeroing them stays the caller's duty, also after a fault.</param>
    /// <returns>What is wrong with the file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CourierFault? TryRead(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == _filled && TryReadChunk() is { } fault)
            {
                return fault;
            }

            var count = Math.Min(_filled - _used, destination.Length);
            var piece = _content.Span.Slice(_used, count);
            piece.CopyTo(destination);
            piece.Clear();
            _used += count;
            destination = destination[count..];
        }

        return null;
    }

    /// <summary>Zeroes what is in memory.</summary>
    public void Dispose()
    {
        _content.Dispose();
        _chunks.Dispose();
    }

    /// <summary>What can be told before the work of making the key.</summary>
    private static CourierFault? CheckBeforeKey(CourierHeader header, long length, CourierSecret secret)
        => header.Kind != secret.Kind ? CourierFault.OtherKind
            : length < header.FileLength ? CourierFault.Truncated
            : length > header.FileLength ? CourierFault.Damaged
            : null;

    private CourierFault? TryReadManifest()
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        if (TryRead(prefix) is { } fault)
        {
            return fault;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 1 or > CourierManifest.MaxLength || length > Header.ContentLength - PrefixSize)
        {
            return CourierFault.Damaged;
        }

        using var json = new SecretBytes(length);
        if (TryRead(json.Span) is { } found)
        {
            return found;
        }

        Manifest = CourierManifest.TryRead(json.Span)!;
        return Manifest is null || PrefixSize + length + Manifest.Blocks.Sum(block => block.Size) != Header.ContentLength
            ? CourierFault.Damaged
            : null;
    }

    private CourierFault? CheckManifest() => NodeName.Parse(Manifest.Hub) == Header.Hub && NodeName.Parse(Manifest.Client) == Header.Client
        ? null
        : CourierFault.Damaged;

    private CourierFault? TryReadChunk()
    {
        var size = (int)Math.Min(CourierChunks.Size, Header.ContentLength - (_number * CourierChunks.Size));
        if (size <= 0)
        {
            throw new InvalidOperationException("Everything was read.");
        }

        var bytes = _sealed.AsSpan(0, size + CourierChunks.TagSize);
        if (_source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            return CourierFault.Truncated;
        }

        if (!_chunks.TryOpen(_number, _number == CourierChunks.Count(Header.ContentLength) - 1, bytes, _content.Span[..size]))
        {
            return CourierFault.Damaged;
        }

        (_number, _used, _filled) = (_number + 1, 0, size);
        return null;
    }
}
