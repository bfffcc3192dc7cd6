using System.Security.Cryptography;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The key bytes that one end of a link may still receive with. Streams come by their own ways, so positions come in any order: each is accepted
/// once, and zeroed at once.
/// </summary>
/// <remarks>Safe for concurrent use: one lock. Owns its keys: dispose to zero them.</remarks>
public sealed class ReceivePad : IDisposable
{
    /// <summary>
    /// How many bytes of keys that the sender has gone beyond are kept for records that are late. More of them, and the oldest are zeroed.
    /// </summary>
    public const long MaxLateBytes = 64 * 1024 * 1024;

    // Of one key. Each is a record that was lost with its stream, or has not come yet.
    private const int MaxGaps = 1024;

    private readonly Lock _lock = new();
    private readonly SortedList<long, Segment> _segments = [];
    private long _highest;
    private long _available;
    private bool _disposed;

    /// <summary>How many bytes the sender has left, as far as this end has seen: those behind the latest that came.</summary>
    public long Available => Volatile.Read(ref _available);

    /// <summary>Adds a key of an epoch and takes its ownership.</summary>
    /// <param name="epoch">The epoch, up to <see cref="PadKeys.MaxEpoch"/>.</param>
    /// <param name="index">Which of the epoch's keys it is, below <see cref="LinkHello.MaxKeys"/>.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public void Append(long epoch, int index, SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (number, _) = PadKeys.Split(PadKeys.PositionOf(epoch, index, 0));
        lock (_lock)
        {
            if (_disposed || !_segments.TryAdd(number, new Segment(key, PadKeys.SkipOf(index))))
            {
                key.Dispose();
                return;
            }

            Count();
        }
    }

    /// <summary>Zeroes the keys of one epoch, which came to nothing.</summary>
    /// <param name="epoch">The epoch.</param>
    public void Remove(long epoch)
    {
        lock (_lock)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                if (PadKeys.Split(PadKeys.PositionOf(epoch, 0, 0)).Segment >> 8 == _segments.GetKeyAtIndex(i) >> 8)
                {
                    RemoveAt(i);
                }
            }

            Count();
        }
    }

    /// <summary>Copies the key of a record's authenticator. The bytes are not used by that.</summary>
    /// <param name="position">The record's position.</param>
    /// <param name="payload">The length of its payload.</param>
    /// <param name="authenticator">Receives it: 32 bytes, for the caller to zero.</param>
    /// <returns>False when the position has not come, or any byte of the record's was used.</returns>
    public bool TryPeek(long position, int payload, Span<byte> authenticator)
    {
        lock (_lock)
        {
            if (!TryFind(position, payload, out _, out var segment, out var offset, out _))
            {
                return false;
            }

            segment.Key.Span.Slice(offset, PadKeys.RecordOverhead).CopyTo(authenticator);
            return true;
        }
    }

    /// <summary>Decrypts the payload of a record that was found authentic. Its bytes are zeroed.</summary>
    /// <param name="position">The record's position.</param>
    /// <param name="payload">Its payload.</param>
    /// <returns>False when any of the bytes was used, meanwhile perhaps. The payload is as it was then.</returns>
    public bool TryApply(long position, Span<byte> payload)
    {
        lock (_lock)
        {
            if (!TryFind(position, payload.Length, out var number, out var segment, out var offset, out var gap))
            {
                return false;
            }

            var bytes = segment.Key.Span.Slice(offset, PadKeys.RecordOverhead + payload.Length);
            OneTimePad.Apply(bytes[PadKeys.RecordOverhead..], payload);
            CryptographicOperations.ZeroMemory(bytes);
            segment.Use(gap, offset, offset + bytes.Length);
            _highest = Math.Max(_highest, position + bytes.Length);
            if (segment.IsDone)
            {
                RemoveAt(_segments.IndexOfKey(number));
            }

            Count();
            return true;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_segments.Count > 0)
            {
                RemoveAt(0);
            }

            Volatile.Write(ref _available, 0);
        }
    }

    private bool TryFind(long position, int payload, out long number, out Segment segment, out int offset, out int gap)
    {
        (number, offset) = PadKeys.Split(position);
        gap = -1;
        if (!_segments.TryGetValue(number, out segment!))
        {
            return false;
        }

        gap = segment.Find(offset, offset + PadKeys.RecordOverhead + payload);
        return gap >= 0;
    }

    private void RemoveAt(int index)
    {
        _segments.GetValueAtIndex(index).Key.Dispose();
        _segments.RemoveAt(index);
    }

    // With the lock held.
    private void Count()
    {
        var (reached, offset) = PadKeys.Split(_highest);
        long ahead = 0, late = 0;
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            var (number, length) = (_segments.GetKeyAtIndex(i), _segments.GetValueAtIndex(i).Key.Length);
            if (number < reached)
            {
                late += length;
                if (late > MaxLateBytes)
                {
                    RemoveAt(i);
                }
            }
            else
            {
                ahead += length - (number == reached ? offset : _segments.GetValueAtIndex(i).Skip);
            }
        }

        Volatile.Write(ref _available, ahead);
    }

    // The bytes of a key that were not used: ranges from low to high, end excluded.
    private sealed class Segment(SecretBytes key, int skip)
    {
        private readonly List<(int Start, int End)> _unused = [(skip, key.Length)];

        public SecretBytes Key => key;

        public int Skip => skip;

        // What is too short for a record is never used.
        public bool IsDone => _unused.Count == 0;

        public int Find(int start, int end)
        {
            // The last range that begins at or before the start; nearly always the last of all.
            for (var i = _unused.Count - 1; i >= 0; i--)
            {
                if (_unused[i].Start <= start)
                {
                    return end <= _unused[i].End ? i : -1;
                }
            }

            return -1;
        }

        public void Use(int index, int start, int end)
        {
            var whole = _unused[index];
            _unused.RemoveAt(index);
            Keep(index, end, whole.End);
            Keep(index, whole.Start, start);
            if (_unused.Count > MaxGaps)
            {
                CryptographicOperations.ZeroMemory(key.Span[_unused[0].Start.._unused[0].End]);
                _unused.RemoveAt(0);
            }
        }

        private void Keep(int index, int start, int end)
        {
            if (end - start > PadKeys.RecordOverhead)
            {
                _unused.Insert(index, (start, end));
            }
            else
            {
                CryptographicOperations.ZeroMemory(key.Span[start..end]);
            }
        }
    }
}
