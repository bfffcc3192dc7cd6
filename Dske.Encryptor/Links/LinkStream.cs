using System.Buffers;
using System.Runtime.CompilerServices;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// One stream of a link: seals what is sent over a transport and opens what is received. Sends may come from anybody, one after the other;
/// receiving is one caller's.
/// </summary>
internal sealed class LinkStream : IAsyncDisposable
{
    private readonly Stream _transport;
    private readonly LinkSession _session;
    private readonly LinkCounters _counters;
    private readonly RecordSealer _sealer;
    private readonly RecordOpener _opener;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _broken;
    private readonly byte[] _update = new byte[RecordSealer.MaxUpdateSize];
    private readonly byte[] _received = ArrayPool<byte>.Shared.Rent(2 * RecordFormat.MaxRecord);
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>Takes over what belongs to a stream; the transport stays the caller's.</summary>
    public LinkStream(Stream transport, LinkSession session, LinkCounters counters, RecordSealer sealer, RecordOpener opener, CancellationToken ending)
    {
        (_transport, _session, _counters, _sealer, _opener) = (transport, session, counters, sealer, opener);
        _broken = CancellationTokenSource.CreateLinkedTokenSource(session.Ended, ending);
        Broken = _broken.Token;
        session.Add(this);
    }

    /// <summary>Fires when the stream cannot go on: its link ended, or <see cref="Break"/> was called.</summary>
    public CancellationToken Broken { get; }

    /// <summary>Ends whatever waits on the stream.</summary>
    public void Break() => _broken.Cancel();

    /// <summary>How much can be sent at once, once anything can: waits while there is no key to send with.</summary>
    /// <exception cref="OperationCanceledException">The stream broke.</exception>
    public async ValueTask<int> GetCapacityAsync()
    {
        while (true)
        {
            var changed = _session.KeysChanged;
            if (_sealer.Capacity is > 0 and var capacity)
            {
                return capacity;
            }

            if (_sealer.IsUpdateDue)
            {
                return RecordFormat.MaxPayload;
            }

            _counters.CountPause();
            await changed.WaitAsync(Broken);
            Broken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Seals a record in place and sends it. Waits while there is no key to seal it with.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="record">Room for it, with the payload in its place.</param>
    /// <exception cref="OperationCanceledException">The stream broke.</exception>
    /// <exception cref="IOException">The transport broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(RecordType type, Memory<byte> record)
    {
        await _sending.WaitAsync(Broken);
        try
        {
            while (true)
            {
                var changed = _session.KeysChanged;
                await SendUpdateAsync();
                if (_sealer.TrySeal(type, record.Span))
                {
                    break;
                }

                _counters.CountPause();
                await changed.WaitAsync(Broken);
                Broken.ThrowIfCancellationRequested();
            }

            _finished |= type is RecordType.Fin or RecordType.Refused;
            await _transport.WriteAsync(record, Broken);
        }
        finally
        {
            _sending.Release();
        }

        var payload = record.Length - RecordFormat.HeaderSize - RecordFormat.TagSize;
        _counters.CountSent(payload);
        _session.Count(payload);
        if (_sealer.IsWorn)
        {
            _session.ReportWorn();
        }

        // Keys that came while this was being written: whoever brought them found the stream busy.
        if (_sealer.IsUpdateDue)
        {
            Nudge();
        }
    }

    /// <summary>Sends a record without a payload.</summary>
    /// <inheritdoc cref="SendAsync(RecordType, Memory{byte})"/>
    public ValueTask SendFinAsync() => SendAsync(RecordType.Fin, new byte[RecordFormat.HeaderSize + RecordFormat.TagSize]);

    /// <summary>Goes over to the latest epoch now, if nothing is being sent. Whoever is sending does it afterwards.</summary>
    public void Nudge()
    {
        if (!_finished && _sending.Wait(0))
        {
            _ = NudgeAsync();
        }
    }

    /// <summary>Receives the next record.</summary>
    /// <returns>The record, or how the stream ended. Its payload is valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">The stream broke.</exception>
    /// <exception cref="IOException">The transport broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedRecord> ReceiveAsync()
    {
        while (true)
        {
            if (!RecordFormat.TryMeasure(_received.AsSpan(_start, _end - _start), out var length))
            {
                return Reject(RecordStatus.Malformed);
            }

            if (length > 0 && _end - _start >= length)
            {
                var status = _opener.TryOpen(_received.AsSpan(_start, length), out var type, out var payload);
                var at = _start + RecordFormat.HeaderSize;
                _start += length;
                if (status != RecordStatus.Accepted)
                {
                    return Reject(status);
                }

                if (type == RecordType.KeyUpdate)
                {
                    continue;
                }

                _counters.CountReceived(payload.Length);
                _session.Count(payload.Length);
                return new ReceivedRecord(type, _received.AsMemory(at, payload.Length));
            }

            if (_start == _end)
            {
                (_start, _end) = (0, 0);
            }
            else if (_received.Length - _start < RecordFormat.MaxRecord)
            {
                _received.AsSpan(_start, _end - _start).CopyTo(_received);
                (_start, _end) = (0, _end - _start);
            }

            var read = await _transport.ReadAsync(_received.AsMemory(_end), Broken);
            if (read == 0)
            {
                return ReceivedRecord.Cut;
            }

            _end += read;
        }
    }

    /// <summary>Zeroes the stream's keys and its buffer. The link forgets it.</summary>
    public async ValueTask DisposeAsync()
    {
        _session.Remove(this);
        await _broken.CancelAsync();

        // Never released: who still has the stream on a list finds it busy for good.
        await _sending.WaitAsync(CancellationToken.None);
        _sealer.Dispose();
        _opener.Dispose();
        _broken.Dispose();
        ArrayPool<byte>.Shared.Return(_received, clearArray: true);
    }

    private async Task NudgeAsync()
    {
        try
        {
            await SendUpdateAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever receives learns of it, too.
        }
        finally
        {
            _sending.Release();
        }
    }

    private async ValueTask SendUpdateAsync()
    {
        while (!_finished && _sealer.SealUpdate(_update) is > 0 and var length)
        {
            await _transport.WriteAsync(_update.AsMemory(0, length), Broken);
        }
    }

    private ReceivedRecord Reject(RecordStatus status)
    {
        _counters.CountRejectedRecord(status);
        return ReceivedRecord.Rejected;
    }
}
