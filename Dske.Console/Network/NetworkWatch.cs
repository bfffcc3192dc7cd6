namespace Dske.Console.Network;

/// <summary>The latest snapshot and recent events, for pages to show; knows whether anybody looks.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class NetworkWatch
{
    /// <summary>How many events are remembered, of all nodes together.</summary>
    public const int MaxEvents = 500;

    private readonly Lock _lock = new();
    private readonly LinkedList<NodeEvent> _events = [];
    private readonly List<Action> _viewers = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NetworkSnapshot? _current;

    /// <summary>The latest snapshot; null until the nodes were asked once.</summary>
    public NetworkSnapshot? Current => Volatile.Read(ref _current);

    /// <summary>Whether anybody looks.</summary>
    public bool HasViewers
    {
        get
        {
            using (_lock.EnterScope())
            {
                return _viewers.Count > 0;
            }
        }
    }

    /// <summary>Ends when the next viewer comes.</summary>
    internal Task NextViewer
    {
        get
        {
            using (_lock.EnterScope())
            {
                return _arrival.Task;
            }
        }
    }

    /// <summary>Has something called after each snapshot, on the thread that takes it: it must not block or throw.</summary>
    /// <param name="changed">What to call.</param>
    /// <returns>Ends it when disposed of.</returns>
    public IDisposable Subscribe(Action changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        TaskCompletionSource arrival;
        using (_lock.EnterScope())
        {
            _viewers.Add(changed);
            arrival = _arrival;
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        arrival.TrySetResult();
        return new Subscription(this, changed);
    }

    /// <summary>The recent events, the latest first.</summary>
    /// <param name="node">Of which node; null for all.</param>
    public IReadOnlyList<NodeEvent> EventsOf(string? node)
    {
        using (_lock.EnterScope())
        {
            return [.. _events.Where(change => node is null || change.Node == node)];
        }
    }

    /// <summary>Takes a new snapshot in the place of the latest one, and tells the viewers.</summary>
    internal void Publish(NetworkSnapshot snapshot)
    {
        Action[] viewers;
        using (_lock.EnterScope())
        {
            foreach (var change in NodeEvents.Between(_current, snapshot))
            {
                _events.AddFirst(change);
            }

            while (_events.Count > MaxEvents)
            {
                _events.RemoveLast();
            }

            Volatile.Write(ref _current, snapshot);
            viewers = [.. _viewers];
        }

        foreach (var viewer in viewers)
        {
            viewer();
        }
    }

    private void Remove(Action changed)
    {
        using (_lock.EnterScope())
        {
            _viewers.Remove(changed);
        }
    }

    private sealed class Subscription(NetworkWatch watch, Action changed) : IDisposable
    {
        private Action? _changed = changed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _changed, null) is { } changed)
            {
                watch.Remove(changed);
            }
        }
    }
}
