using System.Collections.Concurrent;

namespace Dske.Tests.Network;

/// <summary>
/// Sends requests to a network from several senders, each one after the other, and counts the statuses of the answers.
/// </summary>
internal sealed class Flood : IAsyncDisposable
{
    /// <summary>The status of what was cut off without an answer.</summary>
    public const int CutOff = 0;

    private readonly ConcurrentDictionary<int, int> _answers = new();
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly Task _senders;
    private int _sent = -1;

    private Flood(int senders, double perSecond, Func<int, int, CancellationToken, Task<int>> send)
        => _senders = Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() => SendAsync(sender, TimeSpan.FromSeconds(senders / perSecond), send))));

    /// <summary>How many answers came, by status.</summary>
    public IReadOnlyDictionary<int, int> Answers => _answers;

    /// <summary>Begins.</summary>
    /// <param name="senders">How many requests are under way at a time.</param>
    /// <param name="perSecond">The most requests a second, of all senders together.</param>
    /// <param name="send">Sends a request: is given the number of the sender and that of the request, and returns the status of the answer.</param>
    public static Flood Start(int senders, double perSecond, Func<int, int, CancellationToken, Task<int>> send) => new(senders, perSecond, send);

    /// <summary>Whether all senders have ended, which they do only when something went wrong: <see cref="StopAsync"/> says what.</summary>
    public bool IsOver => _senders.IsCompleted;

    /// <summary>Ends it.</summary>
    /// <returns>How many requests a second were answered.</returns>
    public async Task<double> StopAsync()
    {
        await _stopping.CancelAsync();
        await _senders;
        return _answers.Values.Sum() / TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task SendAsync(int sender, TimeSpan every, Func<int, int, CancellationToken, Task<int>> send)
    {
        // A tick that is missed is not made up for.
        using var timer = new PeriodicTimer(every);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                int status;
                try
                {
                    status = await send(sender, Interlocked.Increment(ref _sent), _stopping.Token);
                }
                catch (HttpRequestException) when (!_stopping.IsCancellationRequested)
                {
                    status = CutOff;
                }

                _answers.AddOrUpdate(status, 1, (_, count) => count + 1);
            }
        }
        catch (Exception e) when (_stopping.IsCancellationRequested && e is (OperationCanceledException or HttpRequestException))
        {
            // That is how it ends.
        }
    }
}
