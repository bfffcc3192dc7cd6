using System.Globalization;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Reads a raw source on a thread of its own, a chunk at a time and only when one is wanted, and tests each chunk whole before a byte
/// of it is given out. The first chunk is wanted at once: it is the start-up test (NIST SP 800-90B section 4.3).
/// </summary>
/// <remarks>
/// Safe for concurrent use: each byte goes to one caller, and is zeroed then. A thread of its own because a device may block for good,
/// when it is opened or when it is read: that thread is given up then, and its buffer is left to it.
/// </remarks>
internal sealed class RawEntropyReader : IDisposable
{
    /// <summary>The samples of a chunk: what the start-up test needs, and a multiple of the window of the tests.</summary>
    public const int ChunkSize = 1024;

    private readonly object _gate = new();
    private readonly Func<Stream> _open;
    private readonly EntropyHealthTests _tests;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Action<EntropyException> _alarm;
    private readonly SecretBytes _chunk = new(ChunkSize);
    private ITimer? _deadline;
    private int _position;
    private int _count;
    private object? _request;
    private bool _hasFailed;
    private EntropyException? _failure;
    private bool _isDisposed;

    /// <summary>Starts the thread, which opens the source and reads the first chunk.</summary>
    public RawEntropyReader(Func<Stream> open, double minEntropy, TimeSpan timeout, TimeProvider time, Action<EntropyException> alarm)
    {
        (_open, _timeout, _time, _alarm) = (open, timeout, time, alarm);
        _tests = new EntropyHealthTests(minEntropy);
        lock (_gate)
        {
            Want();
        }

        new Thread(Run) { IsBackground = true, Name = "Dske raw entropy" }.Start();
    }

    /// <summary>Combines bytes with the next ones of the source by XOR, and waits for them where necessary.</summary>
    /// <param name="bytes">The bytes to change; they stay the caller's. After an exception some of them may have been changed.</param>
    /// <exception cref="EntropyException">The source has failed, before or meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed, before or meanwhile.</exception>
    public void XorInto(Span<byte> bytes)
    {
        lock (_gate)
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_failure is { } failure)
                {
                    throw new EntropyException(failure.Failure, failure.Message, failure);
                }

                if (bytes.IsEmpty)
                {
                    return;
                }

                if (_position == _count)
                {
                    Want();
                    Monitor.Wait(_gate);
                    continue;
                }

                var raw = _chunk.Span[_position.._count];
                raw = raw[..Math.Min(raw.Length, bytes.Length)];
                for (var i = 0; i < raw.Length; i++)
                {
                    bytes[i] ^= raw[i];
                }

                raw.Clear();
                _position += raw.Length;
                bytes = bytes[raw.Length..];
            }
        }
    }

    /// <summary>Ends the reading. Whoever waits gets an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _deadline?.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    private void Want()
    {
        if (_request is not null)
        {
            return;
        }

        var request = new object();
        _request = request;
        _deadline = _time.CreateTimer(_ => Fail(TimedOut(), request), null, _timeout, Timeout.InfiniteTimeSpan);
        Monitor.PulseAll(_gate);
    }

    private void Run()
    {
        try
        {
            using var source = _open();
            for (var isFirst = true; WaitUntilWanted(); isFirst = false)
            {
                var count = source.ReadAtLeast(_chunk.Span, ChunkSize, throwOnEndOfStream: false);
                if (count == 0 || (isFirst && count < ChunkSize))
                {
                    throw new EntropyException(
                        EntropyFailure.EndOfSource, isFirst ? "The raw source ended within the start-up test." : "The raw source has ended.");
                }

                _tests.Add(_chunk.Span[..count]);
                Deliver(count);
            }
        }
        catch (EntropyException failure)
        {
            Fail(failure);
        }
        catch (Exception fault)
        {
            // Whatever it is, nothing comes from this source any more; unhandled, it would end the node.
            Fail(new EntropyException(EntropyFailure.ReadError, $"The raw source cannot be read: {fault.Message}", fault));
        }
        finally
        {
            // Not sooner, not by anybody else: a read that is given up may still write into it.
            lock (_gate)
            {
                _position = _count;
                _chunk.Dispose();
            }
        }
    }

    private EntropyException TimedOut() => new(
        EntropyFailure.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The raw source did not deliver {ChunkSize} bytes within {_timeout.TotalSeconds} s."));

    private bool WaitUntilWanted()
    {
        lock (_gate)
        {
            while (_request is null && !_isDisposed)
            {
                Monitor.Wait(_gate);
            }

            return !_isDisposed && !_hasFailed;
        }
    }

    private void Deliver(int count)
    {
        lock (_gate)
        {
            // What comes after the time-out is not used any more.
            if (!_hasFailed)
            {
                _request = null;
                _deadline!.Dispose();
                (_position, _count) = (0, count);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Gives the alarm once, and then lets everybody know who waits: nobody sees a failure before the alarm was given.</summary>
    /// <param name="failure">Why the source failed.</param>
    /// <param name="request">The chunk that did not come in time, which it may have done since; null when the reason is another one.</param>
    private void Fail(EntropyException failure, object? request = null)
    {
        lock (_gate)
        {
            if (_hasFailed || _isDisposed || (request is not null && request != _request))
            {
                return;
            }

            _hasFailed = true;
            _deadline?.Dispose();
        }

        _alarm(failure);
        lock (_gate)
        {
            _failure = failure;
            Monitor.PulseAll(_gate);
        }
    }
}
