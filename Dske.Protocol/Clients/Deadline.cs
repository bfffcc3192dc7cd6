namespace Dske.Protocol.Clients;

/// <summary>Takes finished exchanges one by one until a time is over.</summary>
/// <remarks>Not safe for concurrent use: one waiter owns it.</remarks>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private Task _elapsed;

    public Deadline(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _cancellationToken = cancellationToken;
        _timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _elapsed = Task.Delay(atMost, time, _timer.Token);
    }

    /// <summary>What counts is known: from now on, so much time is left.</summary>
    public void Shorten(TimeSpan atMost) => _elapsed = Task.Delay(atMost, _time, _timer.Token);

    /// <summary>Waits for the next exchange and takes it out of <paramref name="pending"/>.</summary>
    /// <returns>Its reply; null when the time is over or nothing is pending.</returns>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public async Task<HubReply?> NextAsync(List<Task<HubReply>> pending)
    {
        if (pending.Count == 0)
        {
            return null;
        }

        var finished = await Task.WhenAny(Task.WhenAny(pending), _elapsed).ConfigureAwait(false);
        _cancellationToken.ThrowIfCancellationRequested();
        if (finished is not Task<Task<HubReply>> next)
        {
            return null;
        }

        var exchange = await next.ConfigureAwait(false);
        pending.Remove(exchange);
        return await exchange.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _timer.Cancel();
        _timer.Dispose();
    }
}
