using System.Diagnostics;

namespace Dske.Protocol.Clients;

/// <summary>
/// Has requests that come while others of their kind are under way travel together: one message to each hub serves them all. As a database commits in groups,
/// one that comes alone goes at once, and the more there are the more go together.
/// </summary>
/// <remarks>
/// Safe for concurrent use: one lock guards the groups. What is under way is not cancelled with one of those who wait for it; each can leave.
/// </remarks>
/// <typeparam name="TGroup">What requests that may travel together have in common.</typeparam>
/// <typeparam name="TItem">What one of them is about; no two that travel together are the same.</typeparam>
/// <typeparam name="TResult">What becomes of it.</typeparam>
internal sealed class Gathering<TGroup, TItem, TResult>
    where TGroup : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TGroup, Group> _groups = [];
    private readonly GatheringLimits _limits;
    private readonly TimeProvider _time;
    private readonly Func<TGroup, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> _run;
    private readonly Action<TResult> _discard;

    /// <summary>Gathers requests.</summary>
    /// <param name="limits">How many, and how long.</param>
    /// <param name="time">The clock of their waiting.</param>
    /// <param name="run">Serves some that go together: the results in their order.</param>
    /// <param name="discard">Disposes of a result that nobody waits for any more.</param>
    public Gathering(
        GatheringLimits limits, TimeProvider time, Func<TGroup, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> run, Action<TResult> discard)
        => (_limits, _time, _run, _discard) = (limits, time, run, discard);

    /// <summary>How many requests wait to go with others.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _groups.Values.Sum(static group => group.Next?.Requests.Count ?? 0);
            }
        }
    }

    /// <summary>Serves a request: at once, by itself, or with others.</summary>
    /// <param name="group">What it has in common with others.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="alone">Serves it by itself.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    /// <returns>What became of it, and whether it went with others.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<(TResult Result, bool WasShared)> RunAsync(
        TGroup group, TItem item, Func<CancellationToken, Task<TResult>> alone, CancellationToken cancellationToken)
    {
        if (Join(group, item) is { } request)
        {
            return (await WaitAsync(request, cancellationToken).ConfigureAwait(false), true);
        }

        try
        {
            return (await alone(cancellationToken).ConfigureAwait(false), false);
        }
        finally
        {
            Leave(group);
        }
    }

    /// <summary>Null when it goes at once.</summary>
    private Request? Join(TGroup key, TItem item)
    {
        Batch? full = null;
        Request request;
        lock (_lock)
        {
            if (!_groups.TryGetValue(key, out var group))
            {
                _groups[key] = group = new Group();
            }

            if (group.UnderWay < _limits.AtATime || group.Next?.Holds(item) == true)
            {
                group.UnderWay++;
                return null;
            }

            if (group.Next is null)
            {
                group.Next = new Batch(key);
                _ = GoWhenPatienceEndsAsync(group.Next);
            }

            request = new Request(item);
            group.Next.Requests.Add(request);
            if (group.Next.Requests.Count == _limits.Most)
            {
                full = TakeNext(group);
            }
        }

        Go(full);
        return request;
    }

    /// <summary>Something that was under way is done: those who came meanwhile go.</summary>
    private void Leave(TGroup key)
    {
        Batch? next;
        lock (_lock)
        {
            var group = _groups[key];
            group.UnderWay--;
            next = TakeNext(group);
            if (group.UnderWay == 0)
            {
                _groups.Remove(key);
            }
        }

        Go(next);
    }

    // With the lock held.
    private static Batch? TakeNext(Group group)
    {
        var next = group.Next;
        group.Next = null;
        group.UnderWay += next is null ? 0 : 1;
        return next;
    }

    /// <summary>One that hangs, over a hub that does for instance, holds nobody up for long.</summary>
    private async Task GoWhenPatienceEndsAsync(Batch batch)
    {
        await Task.Delay(_limits.Patience, _time, batch.Gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            if (!_groups.TryGetValue(batch.Key, out var group) || group.Next != batch)
            {
                return;
            }

            TakeNext(group);
        }

        Go(batch);
    }

    /// <summary>Serves some, neither on the thread nor in the context of whoever happened to set them going.</summary>
    private void Go(Batch? batch)
    {
        if (batch is null)
        {
            return;
        }

        batch.Dispose();
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => ServeAsync(batch));
        }
    }

    private async Task ServeAsync(Batch batch)
    {
        Activity.Current = batch.Requests[0].Activity;
        try
        {
            var results = await _run(batch.Key, [.. batch.Requests.Select(static request => request.Item)]).ConfigureAwait(false);
            for (var i = 0; i < results.Count; i++)
            {
                if (!batch.Requests[i].TrySetResult(results[i]))
                {
                    _discard(results[i]);
                }
            }
        }
        catch (Exception fault)
        {
            // Each of them hears of it as if it had gone alone.
            foreach (var request in batch.Requests)
            {
                request.TrySetException(fault);
            }
        }
        finally
        {
            Leave(batch.Key);
        }
    }

    private static async Task<TResult> WaitAsync(Request request, CancellationToken cancellationToken)
    {
        await using var leaving = cancellationToken.UnsafeRegister(static (state, token) => ((Request)state!).TrySetCanceled(token), request);
        return await request.Task.ConfigureAwait(false);
    }

    private sealed class Group
    {
        public int UnderWay { get; set; }

        public Batch? Next { get; set; }
    }

    /// <summary>Some that go together. Disposing it ends its patience.</summary>
    private sealed class Batch(TGroup key) : IDisposable
    {
        private readonly CancellationTokenSource _gone = new();
        public TGroup Key => key;

        public List<Request> Requests { get; } = [];

        public CancellationToken Gone => _gone.Token;

        public bool Holds(TItem item) => Requests.Exists(request => EqualityComparer<TItem>.Default.Equals(request.Item, item));

        public void Dispose()
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }

    private sealed class Request(TItem item) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item => item;

        public Activity? Activity { get; } = Activity.Current;
    }
}
