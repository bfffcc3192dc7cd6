using System.Buffers.Binary;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Courier;

/// <summary>Writes couriered files, chunk by chunk: never more of one in memory.</summary>
public sealed class CourierWriter : IDisposable
{
    private const int PrefixSize = 4;

    private readonly CourierHeader _header;
    private readonly CourierManifest _manifest;
    private readonly byte[] _manifestBytes;
    private readonly CourierChunks _chunks;

    private CourierWriter(CourierHeader header, CourierManifest manifest, byte[] manifestBytes, CourierChunks chunks)
        => (_header, _manifest, _manifestBytes, _chunks) = (header, manifest, manifestBytes, chunks);

    /// <summary>The length of the whole file, in bytes.</summary>
    public long FileLength => _header.FileLength;

    /// <summary>Begins a file. With a passphrase this takes time and memory, as the cost says.</summary>
    /// <param name="file">The file's UUID.</param>
    /// <param name="manifest">What it says; at most <see cref="CourierManifest.MaxLength"/> bytes as JSON.</param>
    /// <param name="secret">What seals it; stays the caller's.</param>
    /// <param name="entropy">Where the salt comes from.</param>
    /// <param name="cost">How much work the key is, with a passphrase; null for the default.</param>
    /// <returns>The file, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="manifest"/>, <paramref name="secret"/> or <paramref name="entropy"/> is null.</exception>
    /// <exception cref="ArgumentException">The manifest is longer than it may be, or its blocks are.</exception>
    /// <exception cref="FormatException">The manifest names no hub or client.</exception>
    public static CourierWriter Create(
        Guid file, CourierManifest manifest, CourierSecret secret, IEntropySource entropy, CourierCost? cost = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(entropy);
        var json = manifest.ToBytes();
        var length = PrefixSize + json.Length + manifest.Blocks.Sum(block => block.Size);
        if (json.Length > CourierManifest.MaxLength || length > CourierHeader.MaxContent)
        {
            throw new ArgumentException("The manifest is too long.", nameof(manifest));
        }

        var salt = new byte[CourierHeader.SaltSize];
        entropy.Fill(salt);
        var header = new CourierHeader
        {
            Kind = secret.Kind,
            Cost = secret.Kind == CourierSecretKind.Passphrase ? cost ?? CourierCost.Default : default,
            Salt = salt,
            File = file,
            ContentLength = length,
            Hub = NodeName.Parse(manifest.Hub),
            Client = NodeName.Parse(manifest.Client),
        };
        return new CourierWriter(header, manifest, json, CourierChunks.Create(header, secret));
    }

    /// <summary>Writes the whole file. Called once.</summary>
    /// <param name="destination">Where to; stays open.</param>
    /// <param name="read">Reads a piece of a block: the block, where the piece begins, and the bytes to fill.</param>
    /// <param name="beforeLast">Called when all but the last chunk is written, without which the file is worth nothing.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/>, <paramref name="read"/> or <paramref name="beforeLast"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task WriteAsync(
        Stream destination, Action<CourierBlock, long, Span<byte>> read, Action beforeLast, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(beforeLast);
        await destination.WriteAsync(_header.ToBytes(), cancellationToken).ConfigureAwait(false);
        using var content = new SecretBytes(CourierChunks.Size);
        var sealedChunk = new byte[CourierChunks.Size + CourierChunks.TagSize];
        var source = new Source(_manifestBytes, _manifest.Blocks, read);
        var count = CourierChunks.Count(_header.ContentLength);
        for (long number = 0; number < count; number++)
        {
            var size = (int)Math.Min(CourierChunks.Size, _header.ContentLength - (number * CourierChunks.Size));
            source.Fill(content.Span[..size]);
            var isLast = number == count - 1;
            _chunks.Seal(number, isLast, content.Span[..size], sealedChunk.AsSpan(0, size + CourierChunks.TagSize));
            if (isLast)
            {
                beforeLast();
            }

            await destination.WriteAsync(sealedChunk.AsMemory(0, size + CourierChunks.TagSize), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _chunks.Dispose();

    /// <summary>The content from its beginning to its end: the manifest and the blocks.</summary>
    private sealed class Source(byte[] manifest, IReadOnlyList<CourierBlock> blocks, Action<CourierBlock, long, Span<byte>> read)
    {
        private int _headDone;
        private int _block;
        private long _offset;

        public void Fill(Span<byte> destination)
        {
            while (!destination.IsEmpty)
            {
                destination = destination[(_headDone < PrefixSize + manifest.Length ? FillHead(destination) : FillBlock(destination))..];
            }
        }

        private int FillHead(Span<byte> destination)
        {
            Span<byte> prefix = stackalloc byte[PrefixSize];
            BinaryPrimitives.WriteInt32BigEndian(prefix, manifest.Length);
            var head = _headDone < PrefixSize ? prefix[_headDone..] : manifest.AsSpan(_headDone - PrefixSize);
            var count = Math.Min(head.Length, destination.Length);
            head[..count].CopyTo(destination);
            _headDone += count;
            return count;
        }

        private int FillBlock(Span<byte> destination)
        {
            var block = blocks[_block];
            var count = (int)Math.Min(block.Size - _offset, destination.Length);
            read(block, _offset, destination[..count]);
            (_block, _offset) = _offset + count == block.Size ? (_block + 1, 0) : (_block, _offset + count);
            return count;
        }
    }
}
