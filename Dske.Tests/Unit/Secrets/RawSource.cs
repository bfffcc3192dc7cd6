using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dske.Tests.Unit.Secrets;

/// <summary>A raw source by hand: what it gives, in which pieces, and whether it gives anything.</summary>
internal sealed class RawSource(byte[] bytes, int piece = int.MaxValue) : Stream
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile bool _isWaitedFor;
    private volatile bool _isDisposed;
    private int _position;
    private nint _buffer;

    /// <summary>Whether somebody waits for it while it is shut.</summary>
    public bool IsWaitedFor => _isWaitedFor;

    public bool IsDisposed => _isDisposed;

    /// <summary>Thrown instead of the end.</summary>
    public Exception? Fault { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that look random and are the same in every run.</summary>
    public static byte[] Sound(int length)
    {
        var bytes = new byte[length];
        new Random(90).NextBytes(bytes);
        return bytes;
    }

    /// <summary>What the memory that was read into last holds now. It is pinned, and the reader's as long as the reader is not disposed.</summary>
    public byte[] ReadMemory(int length)
    {
        var copy = new byte[length];
        Marshal.Copy(_buffer, copy, 0, length);
        return copy;
    }

    /// <summary>From now on whoever reads waits.</summary>
    public RawSource Shut()
    {
        _open.Reset();
        return this;
    }

    /// <summary>Whoever waits goes on.</summary>
    public void Open() => _open.Set();

    public override int Read(Span<byte> buffer)
    {
        _isWaitedFor = !_open.IsSet;
        _open.Wait();
        if (_position == bytes.Length && Fault is not null)
        {
            throw Fault;
        }

        _buffer = Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref buffer[0]);
        var count = Math.Min(Math.Min(buffer.Length, piece), bytes.Length - _position);
        bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }
}
