using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// A clock that moves when a test says so, and knows who waits for it: a test lets time pass only once the timer it is about to
/// fire is running, so that it does not matter which thread came how far.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class VirtualTime : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunningTimer, (TimeSpan Duration, DateTimeOffset At)> _timers = [];

    // Kept along, since whoever waits for others asks often.
    private readonly Dictionary<TimeSpan, int> _counts = [];

    /// <summary>How many timers run, periodic ones included.</summary>
    public int TimerCount
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RunningTimer(this, isOnce: period <= TimeSpan.Zero);
        timer.Start(dueTime, () => timer.Inner = base.CreateTimer(_ => timer.Fire(callback, state), null, dueTime, period));
        return timer;
    }

    /// <summary>Waits, while no time passes, until so many timers run that were started to last <paramref name="duration"/>.</summary>
    public Task UntilTimersRunAsync(TimeSpan duration, int count = 1) => Eventually.TrueAsync(
        () => CountTimers(duration) >= count, $"{count} timers of {duration} run");

    /// <summary>How many timers run that were started to last <paramref name="duration"/>.</summary>
    public int CountTimers(TimeSpan duration)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(duration);
        }
    }

    /// <summary>How many timers run that were started to last as long as is asked for.</summary>
    public int CountTimers(Func<TimeSpan, bool> isOfDuration)
    {
        lock (_lock)
        {
            var count = 0;
            foreach (var (duration, timers) in _counts)
            {
                count += isOfDuration(duration) ? timers : 0;
            }

            return count;
        }
    }

    /// <summary>Waits, while no time passes, until a timer runs that was started to last <paramref name="duration"/> and fires once: not one that fires each such time.</summary>
    public Task UntilDelayRunsAsync(TimeSpan duration) => Eventually.TrueAsync(() => HasDelay(timer => timer.Duration == duration), $"a delay of {duration} runs");

    /// <summary>Whether a timer runs that fires once, at that time.</summary>
    public bool HasDelayUntil(DateTimeOffset time) => HasDelay(timer => timer.At == time);

    /// <summary>Lets time pass until the next timer fires.</summary>
    /// <param name="atMost">The most time that passes.</param>
    /// <returns>How much time passed.</returns>
    public TimeSpan AdvanceToNext(TimeSpan atMost)
    {
        var now = GetUtcNow();
        var next = atMost;
        lock (_lock)
        {
            foreach (var (_, timer) in _timers)
            {
                next = timer.At > now && timer.At - now < next ? timer.At - now : next;
            }
        }

        Advance(next);
        return next;
    }

    private bool HasDelay(Func<(TimeSpan Duration, DateTimeOffset At), bool> isMeant)
    {
        lock (_lock)
        {
            return _timers.Any(timer => timer.Key.IsOnce && isMeant(timer.Value));
        }
    }

    private DateTimeOffset AfterNow(TimeSpan duration) => duration < TimeSpan.Zero ? DateTimeOffset.MaxValue : GetUtcNow() + duration;

    private void Note(RunningTimer timer, TimeSpan dueTime, DateTimeOffset at)
    {
        _timers[timer] = (dueTime, at);
        _counts[dueTime] = _counts.GetValueOrDefault(dueTime) + 1;
    }

    private void Forget(RunningTimer timer)
    {
        if (_timers.Remove(timer, out var known) && --_counts[known.Duration] == 0)
        {
            _counts.Remove(known.Duration);
        }
    }

    private sealed class RunningTimer(VirtualTime time, bool isOnce) : ITimer
    {
        private bool _isOver;

        public ITimer? Inner { get; set; }

        /// <summary>Whether it fires once.</summary>
        public bool IsOnce => isOnce;

        /// <summary>
        /// Starts it, and counts it among those that run once it does: who waited for that and lets time pass must not be too early. Whatever lets
        /// it fire meanwhile ends it at once.
        /// </summary>
        public void Start(TimeSpan dueTime, Action start)
        {
            var at = time.AfterNow(dueTime);
            lock (time._lock)
            {
                time.Forget(this);
                _isOver = false;
            }

            start();
            lock (time._lock)
            {
                if (!_isOver)
                {
                    time.Note(this, dueTime, at);
                }
            }
        }

        public void Fire(TimerCallback callback, object? state)
        {
            // One that has fired does not run any more, though whoever started it may not have taken note yet.
            if (isOnce)
            {
                End();
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isChanged = false;
            Start(dueTime, () => isChanged = Inner!.Change(dueTime, period));
            if (!isChanged)
            {
                // It was disposed of.
                End();
            }

            return isChanged;
        }

        public void Dispose()
        {
            End();
            Inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void End()
        {
            lock (time._lock)
            {
                _isOver = true;
                time.Forget(this);
            }
        }
    }
}
