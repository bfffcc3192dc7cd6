using Dske.Encryptor.Configuration;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// The link to one peer at this end: what it is to be like, the session that it has at present, and how it got there. The driver and the
/// responder change it; whatever sends over it takes its session.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards everything but the counters.</remarks>
internal sealed class Link : IDisposable
{
    private const int MaxRetired = 64;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Queue<Guid> _retired = new();
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _woken = NewSignal();
    private LinkSession? _session;
    private LinkSettings? _settings;
    private long _heardAt;
    private string? _keyProblem;
    private string? _peerProblem;
    private bool _hasStopped;
    private bool _disposed;

    public Link(Peer peer, TimeProvider time) => (Peer, _time) = (peer, time);

    public Peer Peer { get; }

    public LinkCounters Counters { get; } = new();

    /// <summary>Serializes hellos: each can cost keys.</summary>
    public SemaphoreSlim Agreeing { get; } = new(1);

    /// <summary>The instance of this end as a responder.</summary>
    public required Guid ResponderInstance { get; init; }

    /// <summary>How many hellos of this peer may cost keys.</summary>
    public required HelloBudget Budget { get; init; }

    /// <summary>What the accepted hello was, for the same to be answered the same.</summary>
    public (byte[] Hello, byte[] Accept)? Answered { get; set; }

    /// <summary>How it is to be kept; null when only the peer asked for it.</summary>
    public LinkSettings? Settings
    {
        get
        {
            lock (_lock)
            {
                return _settings;
            }
        }

        set
        {
            lock (_lock)
            {
                _settings = value;
                SetChanged();
            }

            Wake();
        }
    }

    /// <summary>The present session; null when there is none.</summary>
    public LinkSession? Session
    {
        get
        {
            lock (_lock)
            {
                return _session;
            }
        }
    }

    /// <summary>Asks for the next epoch, or for an attempt to get one, now.</summary>
    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    /// <summary>Waits until somebody wakes the link, or for a time.</summary>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Volatile.Read(ref _woken).Task, Task.Delay(time < TimeSpan.Zero ? TimeSpan.Zero : time, _time, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Exchange(ref _woken, NewSignal());
    }

    /// <summary>Begins a session in the place of the present one, whose streams end.</summary>
    /// <returns>False when the link is closed; the session is disposed then.</returns>
    public bool Begin(LinkSession session)
    {
        LinkSession? old;
        lock (_lock)
        {
            if (_disposed)
            {
                session.Dispose();
                return false;
            }

            old = Replace(session);
            (_keyProblem, _peerProblem, _hasStopped) = (null, null, false);
            _heardAt = _time.GetTimestamp();
            SetChanged();
        }

        old?.Dispose();
        return true;
    }

    /// <summary>Ends the present session, if it is this one.</summary>
    public void End(LinkSession session, string? reason)
    {
        lock (_lock)
        {
            if (_session != session)
            {
                return;
            }

            Replace(null);
            _hasStopped |= reason is not null;
            _keyProblem = reason ?? _keyProblem;
            SetChanged();
        }

        session.Dispose();
        Wake();
    }

    /// <summary>The other end was heard of.</summary>
    public void ReportHeard()
    {
        lock (_lock)
        {
            (_peerProblem, _heardAt) = (null, _time.GetTimestamp());
        }
    }

    /// <summary>Nothing was heard of the other end when it should have been.</summary>
    /// <param name="problem">What happened instead, in words.</param>
    public void ReportNotHeard(string problem)
    {
        lock (_lock)
        {
            _peerProblem = problem;
        }
    }

    /// <summary>Fresh keys came.</summary>
    public void ReportFresh()
    {
        lock (_lock)
        {
            _keyProblem = null;
        }
    }

    /// <summary>Fresh keys did not come.</summary>
    /// <param name="problem">Why, in words.</param>
    public void ReportNotFresh(string problem)
    {
        Counters.CountFailure();
        lock (_lock)
        {
            _keyProblem = problem;
        }
    }

    /// <summary>Whether an instance of the initiator was replaced by another one.</summary>
    public bool WasRetired(Guid instance)
    {
        lock (_lock)
        {
            return _retired.Contains(instance);
        }
    }

    /// <summary>Waits until this end may send, for a time.</summary>
    /// <returns>The session; null when the time was over.</returns>
    public async Task<LinkSession?> UntilUpAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(time, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            while (true)
            {
                var changed = Volatile.Read(ref _changed).Task;
                if (Session is { } session)
                {
                    var keys = session.KeysChanged;
                    if (session.CanSend)
                    {
                        return session;
                    }

                    await Task.WhenAny(changed, keys).WaitAsync(either.Token);
                    continue;
                }

                await changed.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Does what time brings: old epochs are retired, keys that are too old end the session.</summary>
    public void Tick()
    {
        if (Session is not { } session)
        {
            return;
        }

        session.RetireOld();
        if (session.IsTooOld)
        {
            End(session, "The keys became too old, and there were no fresh ones.");
        }
    }

    /// <summary>How the link is, and why if it is not up.</summary>
    public (LinkState State, string? Reason) Describe()
    {
        lock (_lock)
        {
            if (_session is null)
            {
                return (_hasStopped ? LinkState.Stopped : LinkState.Connecting, _keyProblem ?? _peerProblem);
            }

            if ((_keyProblem ?? _peerProblem) is { } problem)
            {
                return (LinkState.Stale, problem);
            }

            return _session.Role == LinkRole.Responder && _time.GetElapsedTime(_heardAt) > LinkLimits.Silence
                ? (LinkState.Stale, "The initiator is not heard of.")
                : (LinkState.Up, null);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        LinkSession? session;
        lock (_lock)
        {
            _disposed = true;
            session = Replace(null);
        }

        session?.Dispose();
        Wake();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // With the lock held.
    private LinkSession? Replace(LinkSession? session)
    {
        var old = _session;
        if (old is not null && old.InitiatorInstance != session?.InitiatorInstance)
        {
            _retired.Enqueue(old.InitiatorInstance);
            if (_retired.Count > MaxRetired)
            {
                _retired.Dequeue();
            }
        }

        _session = session;
        return old;
    }

    private void SetChanged() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
}
