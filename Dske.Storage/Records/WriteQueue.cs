namespace Dske.Storage.Records;

/// <summary>
/// Collects changes from many callers and hands them to one writer: what waits at a time shares one durable step, and what comes alone waits
/// for nothing but its own. Nobody's thread is held while it waits.
/// </summary>
/// <typeparam name="T">A change.</typeparam>
/// <remarks>Safe for concurrent use. Changes are written in the order in which they were added.</remarks>
internal sealed class WriteQueue<T> : IDisposable
{
    /// <summary>The most changes of one durable step.</summary>
    public const int MaxBatch = 512;

    /// <summary>
    /// How long changes that nobody waits for may wait for company: most of them go along with the next one that somebody waits for, and cost
    /// no durable step of their own.
    /// </summary>
    public static readonly TimeSpan LazyFor = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the writer waits before it tries again what nobody waits for, after storage failed.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // A monitor, not a Lock: the writer waits on it until it is woken, without spinning.
    private readonly object _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private readonly Action<IReadOnlyList<T>> _write;
    private readonly ITimer _retry;
    private readonly ITimer _lazy;
    private readonly Thread _writer;
    private List<Entry> _failed = [];
    private int _awaited;
    private bool _isLazyArmed;
    private bool _isLazyDue;
    private bool _isRetryArmed;
    private bool _isRetryDue;
    private bool _isStopping;

    /// <summary>Starts the writer.</summary>
    /// <param name="write">
    /// Makes changes durable; some of them may be when it throws. Called by the writer alone. What it throws goes to those who wait.
    /// </param>
    /// <param name="time">Times retries, and for how long changes wait for company.</param>
    public WriteQueue(Action<IReadOnlyList<T>> write, TimeProvider time)
    {
        _write = write;
        _retry = time.CreateTimer(_ => Retry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lazy = time.CreateTimer(_ => EndLaziness(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writer = new Thread(Work) { IsBackground = true, Name = "Dske storage" };
        _writer.Start();
    }

    /// <summary>Adds changes that belong together.</summary>
    /// <returns>Ends when they are durable, or with what went wrong; some of them may be durable then.</returns>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public Task AddAsync(params IReadOnlyList<T> changes)
    {
        // Whoever waits goes on elsewhere: not on the writer's thread.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new Entry(changes, done));
        return done.Task;
    }

    /// <summary>
    /// Adds a change that nobody waits for. It is written with the next change that somebody waits for, or after <see cref="LazyFor"/>, and tried
    /// again until it succeeds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public void Add(T change) => Add(new Entry([change], null));

    /// <summary>Writes what was added so far and stops. What still fails is what the next opening has to put right.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        _writer.Join();
        _retry.Dispose();
        _lazy.Dispose();
    }

    private void Add(Entry entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _waiting.Enqueue(entry);
            if (entry.Done is null)
            {
                if (!_isLazyArmed)
                {
                    _isLazyArmed = true;
                    _lazy.Change(LazyFor, Timeout.InfiniteTimeSpan);
                }
            }
            else if (++_awaited == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Work()
    {
        while (Take() is { } batch)
        {
            Write(batch);
        }
    }

    /// <summary>Waits until there is something to write.</summary>
    /// <returns>What to write; null when the queue was disposed and nothing is left.</returns>
    private List<Entry>? Take()
    {
        lock (_gate)
        {
            while (_awaited == 0 && !_isLazyDue && !_isRetryDue)
            {
                if (_isStopping)
                {
                    return _failed.Count + _waiting.Count > 0 ? TakeBatch() : null;
                }

                Monitor.Wait(_gate);
            }

            return TakeBatch();
        }
    }

    private List<Entry> TakeBatch()
    {
        var batch = _failed;
        _failed = [];
        _isRetryDue = false;

        // What failed before does not count: however much of it there is, what has come since gets its turn.
        for (var count = 0; count < MaxBatch && _waiting.TryDequeue(out var entry); count += entry.Changes.Count)
        {
            batch.Add(entry);
            _awaited -= entry.Done is null ? 0 : 1;
        }

        _isLazyDue &= _waiting.Count > 0;
        return batch;
    }

    private void Write(List<Entry> batch)
    {
        try
        {
            _write([.. batch.SelectMany(entry => entry.Changes)]);
            batch.ForEach(entry => entry.Done?.SetResult());
        }
        catch (Exception e)
        {
            // Whatever it is: it belongs to those who wait, and must not end the writer.
            foreach (var entry in batch.Where(entry => entry.Done is not null))
            {
                entry.Done!.SetException(e);
            }

            KeepForLater(TryAlone(batch));
        }
    }

    /// <summary>
    /// What nobody waits for is tried at once without the rest, which may be what failed: a disk that has no space for what is new can still
    /// overwrite what is old.
    /// </summary>
    /// <returns>What has failed all the same.</returns>
    private List<Entry> TryAlone(List<Entry> batch)
    {
        var unawaited = batch.Where(entry => entry.Done is null).ToList();
        if (unawaited.Count == 0 || unawaited.Count == batch.Count)
        {
            return unawaited;
        }

        try
        {
            _write([.. unawaited.SelectMany(entry => entry.Changes)]);
            return [];
        }
        catch (Exception)
        {
            // Those who waited know already.
            return unawaited;
        }
    }

    private void Retry()
    {
        lock (_gate)
        {
            _isRetryArmed = false;
            if (!_isStopping)
            {
                _isRetryDue = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void EndLaziness()
    {
        lock (_gate)
        {
            _isLazyArmed = false;
            if (!_isStopping && _waiting.Count > 0)
            {
                _isLazyDue = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void KeepForLater(List<Entry> entries)
    {
        lock (_gate)
        {
            // While stopping there is no later, but nothing overtakes what came before it. Otherwise the timer wakes the writer, or the next
            // change does.
            if (entries.Count == 0 || (_isStopping && _waiting.Count == 0))
            {
                return;
            }

            _failed = entries;
            if (!_isStopping && !_isRetryArmed)
            {
                _isRetryArmed = true;
                _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed record Entry(IReadOnlyList<T> Changes, TaskCompletionSource? Done);
}
