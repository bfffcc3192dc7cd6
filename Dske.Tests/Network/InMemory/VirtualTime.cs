using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Network.InMemory;

/// <summary>
/// A clock that moves when a test says so, and knows who waits for it: a test lets time pass only once the timer it is about to
/// fire is running, so that it does not matter which thread came how far.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class VirtualTime : FakeTimeProvider
{
    private readonly ConcurrentDictionary<RunningTimer, (TimeSpan Duration, DateTimeOffset At)> _timers = new();

    /// <summary>How many timers run, periodic ones included.</summary>
    public int TimerCount => _timers.Count;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RunningTimer(this, dueTime, isOnce: period <= TimeSpan.Zero);
        timer.Inner = base.CreateTimer(_ => timer.Fire(callback, state), null, dueTime, period);
        return timer;
    }

    /// <summary>Waits, while no time passes, until so many timers run that were started to last <paramref name="duration"/>.</summary>
    public Task UntilTimersRunAsync(TimeSpan duration, int count = 1) => Eventually.TrueAsync(
        () => CountTimers(duration) >= count, $"{count} timers of {duration} run");

    /// <summary>How many timers run that were started to last <paramref name="duration"/>.</summary>
    public int CountTimers(TimeSpan duration) => CountTimers(due => due == duration);

    /// <summary>How many timers run that were started to last as long as is asked for.</summary>
    public int CountTimers(Func<TimeSpan, bool> isOfDuration)
    {
        // Not by the collection of values, which is a copy: whoever waits for the others asks often. One that has fired does not run any more,
        // though whoever started it may not have taken note yet.
        var count = 0;
        foreach (var (timer, times) in _timers)
        {
            count += isOfDuration(times.Duration) && !timer.IsOver ? 1 : 0;
        }

        return count;
    }

    /// <summary>Lets time pass until the next timer fires.</summary>
    /// <param name="atMost">The most time that passes.</param>
    /// <returns>How much time passed.</returns>
    public TimeSpan AdvanceToNext(TimeSpan atMost)
    {
        var now = GetUtcNow();
        var next = _timers.Values.Where(timer => timer.Duration >= TimeSpan.Zero && timer.At > now).Select(timer => timer.At - now).Append(atMost).Min();
        Advance(next);
        return next;
    }

    private void Note(RunningTimer timer, TimeSpan dueTime)
        => _timers[timer] = (dueTime, dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : GetUtcNow() + dueTime);

    private sealed class RunningTimer : ITimer
    {
        private readonly VirtualTime _time;
        private readonly bool _isOnce;
        private volatile bool _isOver;

        public RunningTimer(VirtualTime time, TimeSpan dueTime, bool isOnce)
        {
            (_time, _isOnce) = (time, isOnce);
            _time.Note(this, dueTime);
        }

        public ITimer? Inner { get; set; }

        /// <summary>Whether it has fired, and will not again.</summary>
        public bool IsOver => _isOver;

        public void Fire(TimerCallback callback, object? state)
        {
            _isOver = _isOnce;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isOver = false;
            _time.Note(this, dueTime);
            return Inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            _time._timers.TryRemove(this, out _);
            Inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
