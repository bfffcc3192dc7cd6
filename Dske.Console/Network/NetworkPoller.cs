namespace Dske.Console.Network;

/// <summary>
/// Asks all nodes how they are, again and again: often while somebody looks, seldom otherwise, and never more than so many questions a second.
/// A node that hangs holds up nobody: its answer counts when it comes.
/// </summary>
internal sealed partial class NetworkPoller(NetworkSettings settings, INodeReader reader, NetworkWatch watch, TimeProvider time, ILogger<NetworkPoller> log) : BackgroundService
{
    /// <summary>How often nodes are asked while nobody looks, so that events are not missed.</summary>
    public static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long a snapshot waits for the slowest node.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    // A node costs up to two questions: 200 of them a second leave a small machine to the network itself.
    private static readonly TimeSpan IntervalPerNode = TimeSpan.FromMilliseconds(10);

    private const int MaxConcurrency = 32;

    private readonly SemaphoreSlim _slots = new(MaxConcurrency);
    private readonly Dictionary<string, Task<NodeReading>> _asked = [];
    private readonly Dictionary<string, NodeReading> _readings = [];

    /// <summary>How often nodes are asked while somebody looks.</summary>
    public TimeSpan Interval { get; } = new(Math.Max(settings.PollInterval.Ticks, settings.Nodes.Count * IntervalPerNode.Ticks));

    /// <inheritdoc />
    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    /// <summary>Asks every node that has no question open, waits a little, and publishes what is known.</summary>
    internal async Task PollAsync(CancellationToken cancellationToken)
    {
        foreach (var node in settings.Nodes)
        {
            if (!_asked.ContainsKey(node.Name))
            {
                _asked.Add(node.Name, AskAsync(node, cancellationToken));
            }
        }

        await Task.WhenAny(Task.WhenAll(_asked.Values), Task.Delay(Patience, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (name, answer) in _asked.Where(static asked => asked.Value.IsCompleted).ToList())
        {
            _asked.Remove(name);
            _readings[name] = await answer;
        }

        watch.Publish(SnapshotBuilder.Build(settings, watch.Current, _readings, time.GetUtcNow()));
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            try
            {
                await PollAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // One odd answer must not end the console; the next round may fare better.
                LogFault(log, fault);
            }

            await PauseAsync(started, stoppingToken);
        }
    }

    private async Task PauseAsync(long started, CancellationToken cancellationToken)
    {
        // Asked for first: one who comes between the two lines is not missed.
        var nextViewer = watch.NextViewer;
        if (!watch.HasViewers)
        {
            await Task.WhenAny(nextViewer, Task.Delay(IdleInterval, time, cancellationToken));
        }
        else if (Interval - time.GetElapsedTime(started) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(3001, LogLevel.Error, "Nodes could not be asked how they are")]
    private static partial void LogFault(ILogger log, Exception fault);

    private async Task<NodeReading> AskAsync(MonitoredNode node, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await reader.ReadAsync(node, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }
}
