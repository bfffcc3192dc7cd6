using System.Numerics;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Psrd;

/// <summary>
/// A leased window at the receiving end: bytes that exist in memory only, and a bit for each that says whether it was used. Bytes
/// are zeroed as they are used.
/// </summary>
/// <remarks>Not safe for concurrent use: guarded by its pool's lock. A bitmap keeps the memory bounded however a peer cuts its fragments.</remarks>
internal sealed class OpenWindow : IDisposable
{
    private readonly SecretBytes _data;
    private readonly ulong[] _used;

    /// <summary>Takes over freshly leased bytes.</summary>
    /// <param name="start">The position of the first byte within its block.</param>
    /// <param name="data">The bytes; copied.</param>
    public OpenWindow(long start, ReadOnlySpan<byte> data)
    {
        Start = start;
        _data = SecretBytes.CopyOf(data);
        _used = new ulong[(data.Length + 63) / 64];
        Unused = data.Length;
    }

    public long Start { get; }

    public int Size => _data.Length;

    public int Unused { get; private set; }

    public bool IsUnused(int offset, int count)
    {
        for (var (i, end) = (offset, offset + count); i < end; i = NextWord(i))
        {
            if ((_used[i >> 6] & Mask(i, end)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Read(int offset, Span<byte> destination) => _data.Span.Slice(offset, destination.Length).CopyTo(destination);

    /// <summary>Copies the bytes out (when <paramref name="destination"/> is not empty), zeroes them here and marks them used.</summary>
    public void Use(int offset, int count, Span<byte> destination)
    {
        var bytes = _data.Span.Slice(offset, count);
        if (!destination.IsEmpty)
        {
            bytes.CopyTo(destination);
        }

        bytes.Clear();
        for (var (i, end) = (offset, offset + count); i < end; i = NextWord(i))
        {
            var mask = Mask(i, end);
            Unused -= BitOperations.PopCount(mask & ~_used[i >> 6]);
            _used[i >> 6] |= mask;
        }
    }

    public void Dispose() => _data.Dispose();

    private static int NextWord(int index) => (index & ~63) + 64;

    /// <summary>The bits of the word that holds <paramref name="from"/>, from there up to <paramref name="end"/> (exclusive).</summary>
    private static ulong Mask(int from, int end)
    {
        var mask = ulong.MaxValue << (from & 63);
        var last = end - (from & ~63);
        return last >= 64 ? mask : mask & ((1UL << last) - 1);
    }
}
