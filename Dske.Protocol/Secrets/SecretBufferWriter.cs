using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Dske.Protocol.Secrets;

/// <summary>
/// A growing buffer for text or bytes that contain secrets: a key container as JSON, the body of an answer. The memory is pinned and
/// pooled like that of <see cref="SecretBytes"/>, zeroed whenever it is outgrown and again on disposal.
/// </summary>
/// <remarks>
/// One owner at a time: not safe for concurrent use. Memory handed out by <see cref="GetMemory"/>, <see cref="GetSpan"/>,
/// <see cref="WrittenMemory"/> and <see cref="WrittenSpan"/> is valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SecretBufferWriter : IBufferWriter<byte>, IDisposable
{
    /// <summary>The capacity to start with unless told otherwise, in bytes: a container of one 256-bit key fits.</summary>
    public const int DefaultInitialCapacity = 512;

    private byte[]? _buffer;
    private int _written;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="initialCapacity">How many bytes to have room for at once, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialCapacity"/> is less than 1.</exception>
    public SecretBufferWriter(int initialCapacity = DefaultInitialCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initialCapacity);
        _buffer = SecretPool.Shared.Rent(initialCapacity);
    }

    /// <summary>Zeroes the memory of a buffer that nobody disposed.</summary>
    ~SecretBufferWriter() => Release();

    /// <summary>The number of bytes written so far.</summary>
    public int WrittenCount => _written;

    /// <summary>What was written so far.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ReadOnlyMemory<byte> WrittenMemory => Buffer.AsMemory(0, _written);

    /// <summary>What was written so far.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ReadOnlySpan<byte> WrittenSpan => Buffer.AsSpan(0, _written);

    private byte[] Buffer
    {
        get
        {
            var buffer = _buffer;
            ObjectDisposedException.ThrowIf(buffer is null, this);
            return buffer;
        }
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or more than was handed out.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffer.Length - _written);
        _written += count;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The buffer would exceed <see cref="Array.MaxLength"/> bytes.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Buffer.AsMemory(_written);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeHint"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The buffer would exceed <see cref="Array.MaxLength"/> bytes.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return Buffer.AsSpan(_written);
    }

    /// <summary>Zeroes what was written and starts over with the same memory.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(Buffer);
        _written = 0;
    }

    /// <summary>Appends what a stream still holds, up to its end, without copies in memory that is not ours.</summary>
    /// <param name="source">The stream to read; it stays open.</param>
    /// <param name="maxLength">The most bytes to accept, at least 0.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>False when the stream holds more than <paramref name="maxLength"/> bytes; what was read by then is of no use.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async ValueTask<bool> TryReadToEndAsync(Stream source, int maxLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        var left = (long)maxLength;
        while (left >= 0)
        {
            // One byte more than is allowed tells a body that just fits from one that is too long.
            var room = GetMemory();
            var read = await source.ReadAsync(room[..(int)Math.Min(room.Length, left + 1)], cancellationToken);
            if (read == 0)
            {
                return true;
            }

            Advance(read);
            left -= read;
        }

        return false;
    }

    /// <summary>Zeroes the bytes and gives the memory back. Harmless when repeated.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Says how much was written, never what it is.</summary>
    public override string ToString() => $"SecretBufferWriter({_written})";

    private void EnsureRoom(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var old = Buffer;
        var wanted = (long)_written + Math.Max(sizeHint, 1);
        if (wanted <= old.Length)
        {
            return;
        }

        if (wanted > Array.MaxLength)
        {
            throw new InvalidOperationException($"A secret buffer holds at most {Array.MaxLength} bytes; {wanted} were wanted.");
        }

        var grown = SecretPool.Shared.Rent((int)Math.Min(Math.Max(wanted, 2L * old.Length), Array.MaxLength));
        old.AsSpan(0, _written).CopyTo(grown);
        _buffer = grown;
        SecretPool.Shared.Return(old);
    }

    private void Release()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            _written = 0;
            SecretPool.Shared.Return(buffer);
        }
    }
}
