using Dske.Protocol.Secrets;

namespace Dske.Storage.Files;

/// <summary>
/// Collects what is written to places of a file that follow on each other, and writes it in one piece: a call of the system costs more than the few bytes
/// of most pieces. Nothing is in the file before <see cref="Write"/>.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="file">The file, which stays the caller's.</param>
internal sealed class WriteRun(IStorageFile file) : IDisposable
{
    /// <summary>The longest run, in bytes; a piece that is longer is written by itself.</summary>
    public const int MaxLength = 32 * 1024;

    private readonly SecretBytes _bytes = new(MaxLength);
    private long _start;
    private int _count;

    /// <summary>Adds a piece, to be filled by the caller at once. What lies elsewhere is written first.</summary>
    /// <param name="offset">Where it goes in the file.</param>
    /// <param name="count">How long it is, in bytes: at most <see cref="MaxLength"/>.</param>
    /// <returns>The room for it, all zeros. Valid until the next call.</returns>
    /// <exception cref="StorageException">Storage failed; what was collected is forgotten.</exception>
    public Span<byte> Add(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxLength);
        if (offset != _start + _count || _count + count > MaxLength)
        {
            Write();
            _start = offset;
        }

        _count += count;
        return _bytes.Span.Slice(_count - count, count);
    }

    /// <summary>Finds what was collected of a place in the file.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">How long it is, in bytes.</param>
    /// <returns>It, to be changed; empty when all of it is in the file or elsewhere.</returns>
    public Span<byte> Find(long offset, int count)
        => offset >= _start && offset + count <= _start + _count ? _bytes.Span.Slice((int)(offset - _start), count) : default;

    /// <summary>Writes what was collected.</summary>
    /// <exception cref="StorageException">Storage failed; what was collected is forgotten.</exception>
    public void Write()
    {
        try
        {
            if (_count > 0)
            {
                file.Write(_start, _bytes.Span[.._count]);
            }
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Forgets what was collected.</summary>
    public void Forget()
    {
        _bytes.Span[.._count].Clear();
        _count = 0;
    }

    /// <inheritdoc />
    public void Dispose() => _bytes.Dispose();
}
