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
    private readonly ConcurrentDictionary<RunningTimer, TimeSpan> _timers = new();

    /// <summary>How many timers run, periodic ones included.</summary>
    public int TimerCount => _timers.Count;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RunningTimer(this, dueTime);
        timer.Inner = base.CreateTimer(callback, state, dueTime, period);
        return timer;
    }

    /// <summary>Waits, while no time passes, until so many timers run that were started to last <paramref name="duration"/>.</summary>
    public Task UntilTimersRunAsync(TimeSpan duration, int count = 1) => Eventually.TrueAsync(
        () => _timers.Values.Count(due => due == duration) >= count, $"{count} timers of {duration} run");

    private sealed class RunningTimer : ITimer
    {
        private readonly VirtualTime _time;

        public RunningTimer(VirtualTime time, TimeSpan dueTime)
        {
            _time = time;
            _time._timers[this] = dueTime;
        }

        public ITimer? Inner { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _time._timers[this] = dueTime;
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
