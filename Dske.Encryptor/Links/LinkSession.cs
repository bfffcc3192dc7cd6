using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// What two ends share from the moment one of them starts a link until one of them starts it again: the pair of instances, the epochs, the streams.
/// Its end, whatever the reason, ends the streams and zeroes the keys.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards the streams and the epochs' times. Secrets have their own.</remarks>
internal sealed class LinkSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<LinkStream> _streams = [];
    private readonly Queue<(long Epoch, long SupersededAt)> _superseded = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private long _rollOverBytes;
    private TaskCompletionSource _keysChanged = NewSignal();
    private EpochConfirmation _confirmation;
    private EpochConfirmation? _ready;
    private long _readyEpoch;
    private long _epochBytes;
    private bool _isWorn;
    private int _reserved;
    private bool _disposed;

    /// <summary>Begins with a first epoch.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="hello">Its hello.</param>
    /// <param name="unsignedHello">The same without its MAC.</param>
    /// <param name="keys">Its keys; they stay the caller's.</param>
    /// <param name="confirmation">Its confirmation, of which this takes the ownership.</param>
    /// <param name="rollOverBytes">After how many bytes to call <paramref name="wake"/>.</param>
    /// <param name="wake">Called when fresh keys should come, possibly often.</param>
    /// <param name="time">The clock.</param>
    public LinkSession(
        LinkRole role,
        LinkHello hello,
        ReadOnlySpan<byte> unsignedHello,
        IReadOnlyList<SecretBytes> keys,
        EpochConfirmation confirmation,
        long rollOverBytes,
        Action wake,
        TimeProvider time)
    {
        (Role, Cipher, InitiatorInstance, ResponderInstance) = (role, hello.Cipher, hello.InitiatorInstance, hello.ResponderInstance);
        (_rollOverBytes, _wake, _time, _confirmation) = (rollOverBytes, wake, time, confirmation);
        Secrets = LinkSecrets.For(hello.Cipher);
        Ended = _ended.Token;
        Take(hello, unsignedHello, keys);
    }

    public LinkRole Role { get; }

    public LinkCipher Cipher { get; }

    public Guid InitiatorInstance { get; }

    public Guid ResponderInstance { get; }

    public LinkSecrets Secrets { get; }

    /// <summary>After how many bytes over the latest epoch's keys fresh ones should come.</summary>
    public long RollOverBytes
    {
        get => Interlocked.Read(ref _rollOverBytes);
        set => Interlocked.Exchange(ref _rollOverBytes, value);
    }

    /// <summary>The latest epoch.</summary>
    public long Epoch { get; private set; }

    /// <summary>When it was agreed upon: a timestamp of the clock.</summary>
    public long EpochAt { get; private set; }

    /// <summary>How long its keys may be used.</summary>
    public TimeSpan MaxKeyAge { get; private set; }

    /// <summary>
    /// Writes a message about the latest epoch. Its other end may have gone further, or not so far: it knows the last epoch that was ready, too.
    /// </summary>
    public byte[] Write(LinkMessageType type)
    {
        lock (_lock)
        {
            return _disposed ? [] : _confirmation.Write(new LinkConfirmation(type, InitiatorInstance, ResponderInstance, Epoch));
        }
    }

    /// <summary>Whether a message is of this session, about the latest epoch or the last one that was ready, and authentic.</summary>
    public bool Verify(LinkConfirmation message, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            return !_disposed
                && message.Initiator == InitiatorInstance
                && message.Responder == ResponderInstance
                && (message.Epoch == Epoch ? _confirmation : message.Epoch == _readyEpoch ? _ready : null)?.Verify(bytes) == true;
        }
    }

    /// <summary>Fires when the session ends.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Completes when there are other keys to send with. Take it before looking whether there are any.</summary>
    public Task KeysChanged => Volatile.Read(ref _keysChanged).Task;

    /// <summary>Whether this end may send.</summary>
    public bool CanSend => Secrets.SendEpoch > 0;

    /// <summary>Whether so much went over the latest epoch's keys that fresh ones should come.</summary>
    public bool IsSpent => Interlocked.Read(ref _epochBytes) >= RollOverBytes || Volatile.Read(ref _isWorn);

    public int StreamCount => Volatile.Read(ref _reserved);

    /// <summary>Takes the next epoch, to receive under it.</summary>
    public void Install(LinkHello hello, ReadOnlySpan<byte> unsignedHello, IReadOnlyList<SecretBytes> keys, EpochConfirmation confirmation)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                confirmation.Dispose();
                return;
            }

            _superseded.Enqueue((Epoch, _time.GetTimestamp()));
            if (Secrets.SendEpoch == Epoch)
            {
                _ready?.Dispose();
                (_ready, _readyEpoch) = (_confirmation, Epoch);
            }
            else
            {
                _confirmation.Dispose();
            }

            _confirmation = confirmation;
            Take(hello, unsignedHello, keys);
        }
    }

    /// <summary>Sends under the latest epoch from now on. Harmless when repeated.</summary>
    public void Activate()
    {
        LinkStream[] streams;
        lock (_lock)
        {
            if (_disposed || Secrets.SendEpoch == Epoch)
            {
                return;
            }

            Secrets.Activate(Epoch);
            streams = [.. _streams];
        }

        Interlocked.Exchange(ref _keysChanged, NewSignal()).TrySetResult();
        foreach (var stream in streams)
        {
            stream.Nudge();
        }
    }

    /// <summary>Reserves room for a stream. Give it back with <see cref="Release"/>.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= LinkLimits.MaxStreams)
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved);
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _reserved);

    public void Add(LinkStream stream)
    {
        lock (_lock)
        {
            _streams.Add(stream);
        }
    }

    public void Remove(LinkStream stream)
    {
        lock (_lock)
        {
            _streams.Remove(stream);
        }
    }

    /// <summary>Counts what went over the latest epoch's keys.</summary>
    public void Count(int bytes)
    {
        var sum = Interlocked.Add(ref _epochBytes, bytes);
        var limit = RollOverBytes;
        if (sum >= limit && sum - bytes < limit)
        {
            _wake();
        }
    }

    /// <summary>A key has sealed as much as it should.</summary>
    public void ReportWorn()
    {
        if (!Interlocked.Exchange(ref _isWorn, true))
        {
            _wake();
        }
    }

    /// <summary>Retires the epochs that have been superseded long enough.</summary>
    public void RetireOld()
    {
        lock (_lock)
        {
            while (!_disposed && _superseded.TryPeek(out var old) && _time.GetElapsedTime(old.SupersededAt) >= LinkLimits.EpochGrace)
            {
                _superseded.Dequeue();
                (Secrets as EpochRing)?.RetireBefore(old.Epoch + 1);
            }
        }
    }

    /// <summary>Whether the keys are older than they may be.</summary>
    public bool IsTooOld => Cipher == LinkCipher.Aes256Gcm && _time.GetElapsedTime(EpochAt) >= MaxKeyAge;

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _confirmation.Dispose();
            _ready?.Dispose();
        }

        _ended.Cancel();
        Secrets.Dispose();
        Interlocked.Exchange(ref _keysChanged, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Take(LinkHello hello, ReadOnlySpan<byte> unsignedHello, IReadOnlyList<SecretBytes> keys)
    {
        Secrets.Install(Role, hello, unsignedHello, keys);
        (Epoch, EpochAt, MaxKeyAge) = (hello.Epoch, _time.GetTimestamp(), TimeSpan.FromSeconds(hello.MaxKeyAgeSeconds));
        Interlocked.Exchange(ref _epochBytes, 0);
        Volatile.Write(ref _isWorn, false);
    }
}
