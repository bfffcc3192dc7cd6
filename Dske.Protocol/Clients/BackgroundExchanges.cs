using System.Collections.Concurrent;

namespace Dske.Protocol.Clients;

/// <summary>
/// Keeps count of exchanges that outlive the request they belong to, so that they end with the client: their token fires on disposal,
/// and disposal waits for them.
/// </summary>
/// <remarks>Safe for concurrent use, disposal included: an exchange that begins afterwards finds its token fired.</remarks>
internal sealed class BackgroundExchanges : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _token;

    public BackgroundExchanges() => _token = _stopping.Token;

    /// <summary>Starts an exchange at once, on the caller's thread up to its first wait.</summary>
    public Task<HubReply> Run(Func<CancellationToken, Task<HubReply>> exchange)
    {
        var task = exchange(_token);
        if (!task.IsCompleted)
        {
            _running.TryAdd(task, true);
            task.ContinueWith(static (done, running) => ((ConcurrentDictionary<Task, bool>)running!).TryRemove(done, out _), _running, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return task;
    }

    /// <summary>Cancels what is running and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stopping.Dispose();
    }
}
