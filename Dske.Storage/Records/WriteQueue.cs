namespace Dske.Storage.Records;

/// <summary>
/// Collects changes from many callers and hands them to one writer: what waits at a time shares one durable step, and what comes alone waits
/// for nothing but its own. Who adds holds no thread while waiting; a batch holds one of the thread pool.
/// </summary>
/// <typeparam name="T">A change.</typeparam>
/// <remarks>Safe for concurrent use. Changes are written in the order in which they were added.</remarks>
internal sealed class WriteQueue<T> : IThreadPoolWorkItem, IDisposable
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

    // A monitor, not a Lock: whoever disposes waits on it for the writer.
    private readonly object _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private readonly Action<IReadOnlyList<T>> _write;
    private readonly ITimer _retry;
    private readonly ITimer _lazy;
    private List<Entry> _failed = [];
    private Writer _writer;
    private int _awaited;
    private bool _isLazyArmed;
    private bool _isLazyDue;
    private bool _isRetryArmed;
    private bool _isRetryDue;
    private bool _isStopping;

    /// <summary>Makes a queue.</summary>
    /// <param name="write">
    /// Makes changes durable; some of them may be when it throws. Called for one batch at a time, on the thread pool or by whoever settles or
    /// disposes. What it throws goes to those who wait.
    /// </param>
    /// <param name="time">Times retries, and for how long changes wait for company.</param>
    public WriteQueue(Action<IReadOnlyList<T>> write, TimeProvider time)
    {
        _write = write;
        _retry = time.CreateTimer(_ => Retry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _lazy = time.CreateTimer(_ => EndLaziness(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum Writer
    {
        None,
        Scheduled,
        Writing,
    }

    /// <summary>Adds changes that belong together.</summary>
    /// <returns>Ends when they are durable, or with what went wrong; some of them may be durable then.</returns>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public Task AddAsync(params IReadOnlyList<T> changes)
    {
        // Whoever waits goes on by itself: the next batch does not wait for it.
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

    /// <summary>Writes what was added so far, on this thread.</summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    /// <exception cref="Exception">What went wrong.</exception>
    public void Settle()
    {
        var done = new TaskCompletionSource();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _waiting.Enqueue(new Entry([], done));
            _awaited++;
            TakeOver();
        }

        while (!done.Task.IsCompleted)
        {
            Write(TakeBatch());
        }

        HandOn();
        done.Task.GetAwaiter().GetResult();
    }

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
            TakeOver();
        }

        while (TakeBatch() is { Count: > 0 } batch)
        {
            Write(batch);
        }

        HandOn();
        _retry.Dispose();
        _lazy.Dispose();
    }

    /// <summary>Writes a batch.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            if (_writer != Writer.Scheduled)
            {
                return;
            }

            _writer = Writer.Writing;
        }

        Write(TakeBatch());
        HandOn();
    }

    private void Add(Entry entry)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _waiting.Enqueue(entry);
            if (entry.Done is not null)
            {
                _awaited++;
                Schedule();
            }
            else if (!_isLazyArmed)
            {
                _isLazyArmed = true;
                _lazy.Change(LazyFor, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Has a batch written soon, when there is reason to. Call it under the lock.</summary>
    private void Schedule()
    {
        if (_writer == Writer.None && (_awaited > 0 || _isLazyDue || _isRetryDue))
        {
            _writer = Writer.Scheduled;

            // Behind the requests that are ready to run: what they add goes along.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Makes this thread the writer. Call it under the lock. What is scheduled finds that somebody else writes.</summary>
    private void TakeOver()
    {
        while (_writer == Writer.Writing)
        {
            Monitor.Wait(_gate);
        }

        _writer = Writer.Writing;
    }

    /// <summary>Ends the writing of this thread.</summary>
    private void HandOn()
    {
        lock (_gate)
        {
            _writer = Writer.None;
            Monitor.PulseAll(_gate);
            Schedule();
        }
    }

    private List<Entry> TakeBatch()
    {
        lock (_gate)
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
    }

    private void Write(List<Entry> batch)
    {
        try
        {
            _write(batch is [var single] ? single.Changes : [.. batch.SelectMany(entry => entry.Changes)]);
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
                Schedule();
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
                Schedule();
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
