using System.Security.Cryptography;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecureLinks;

/// <summary>The key bytes that one end of a link may still send with. Each is used once and zeroed at once.</summary>
/// <remarks>Safe for concurrent use: one lock. Owns its keys: dispose to zero them.</remarks>
public sealed class SendPad : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Segment> _segments = [];
    private long _available;
    private bool _disposed;

    /// <summary>How many bytes are left.</summary>
    public long Available => Volatile.Read(ref _available);

    /// <summary>The greatest payload that a record can have now, in bytes; 0 when there is none.</summary>
    public int Capacity
    {
        get
        {
            lock (_lock)
            {
                return TryFind(1, out var segment) ? Math.Min(PadKeys.MaxPayload, segment.Left - PadKeys.RecordOverhead) : 0;
            }
        }
    }

    /// <summary>Adds a key of an epoch and takes its ownership.</summary>
    /// <param name="epoch">The epoch, up to <see cref="PadKeys.MaxEpoch"/>.</param>
    /// <param name="index">Which of the epoch's keys it is, below <see cref="LinkHello.MaxKeys"/>.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public void Append(long epoch, int index, SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
        {
            if (_disposed)
            {
                key.Dispose();
                return;
            }

            var segment = new Segment(PadKeys.PositionOf(epoch, index, 0), key) { Next = PadKeys.SkipOf(index) };
            _segments.Enqueue(segment);
            Volatile.Write(ref _available, _available + segment.Left);
        }
    }

    /// <summary>Encrypts a payload with the next bytes of the pad, which are zeroed.</summary>
    /// <param name="payload">The payload, at most <see cref="PadKeys.MaxPayload"/> bytes.</param>
    /// <param name="authenticator">Receives the record's key of the authenticator: 32 bytes, for the caller to zero.</param>
    /// <param name="position">Where in the pad the bytes began.</param>
    /// <returns>False when none of the keys has as many bytes left. Nothing is used then.</returns>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    public bool TryApply(Span<byte> payload, Span<byte> authenticator, out long position)
    {
        if (payload.Length > PadKeys.MaxPayload)
        {
            throw new ArgumentException($"A payload has at most {PadKeys.MaxPayload} bytes.", nameof(payload));
        }

        lock (_lock)
        {
            position = 0;
            if (!TryFind(payload.Length, out var segment))
            {
                return false;
            }

            position = segment.Start + segment.Next;
            var bytes = segment.Key.Span.Slice(segment.Next, PadKeys.RecordOverhead + payload.Length);
            bytes[..PadKeys.RecordOverhead].CopyTo(authenticator);
            OneTimePad.Apply(bytes[PadKeys.RecordOverhead..], payload);
            CryptographicOperations.ZeroMemory(bytes);
            segment.Next += bytes.Length;
            Volatile.Write(ref _available, _available - bytes.Length);
            return true;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_segments.TryDequeue(out var segment))
            {
                segment.Key.Dispose();
            }

            Volatile.Write(ref _available, 0);
        }
    }

    // With the lock held. A key that has too little left is done with once a later one has enough.
    private bool TryFind(int payload, out Segment segment)
    {
        while (_segments.TryPeek(out segment!))
        {
            if (segment.Left >= PadKeys.RecordOverhead + payload)
            {
                return true;
            }

            // A payload may be longer than any key there is: then nothing is given up for it.
            if (segment.Left > PadKeys.RecordOverhead && !_segments.Skip(1).Any(later => later.Left >= PadKeys.RecordOverhead + payload))
            {
                return false;
            }

            _segments.Dequeue();
            Volatile.Write(ref _available, _available - segment.Left);
            segment.Key.Dispose();
        }

        return false;
    }

    private sealed record Segment(long Start, SecretBytes Key)
    {
        public int Next { get; set; }

        public int Left => Key.Length - Next;
    }
}
