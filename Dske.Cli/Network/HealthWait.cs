namespace Dske.Cli.Network;

/// <summary>Waits until nodes are healthy.</summary>
/// <param name="control">Control of the network.</param>
/// <param name="time">The clock.</param>
internal sealed class HealthWait(NetworkControl control, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until nodes are healthy.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="start">Since when, a time stamp of the clock.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>How all nodes of the network are by then.</returns>
    /// <exception cref="CommandFailure">One of them has ended, or the time is over.</exception>
    public async Task<NodeState[]> WaitAsync(IReadOnlyCollection<string> names, TimeSpan timeout, long start, Action<string> report, CancellationToken stop)
    {
        while (true)
        {
            var nodes = await control.ListAsync(stop);
            var awaited = nodes.Where(node => names.Contains(node.Name)).ToList();
            var missing = awaited.Where(node => !node.IsHealthy).ToList();
            if (missing.Count == 0)
            {
                return nodes;
            }

            if (missing.FirstOrDefault(node => node.HasEnded) is { } ended)
            {
                throw new CommandFailure(ExitCode.Unhealthy, $"{ended.Name} has {ended.Describe()}; the rest runs. dske logs {ended.Name} may say why.");
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new CommandFailure(
                    ExitCode.TimedOut,
                    $"Not healthy within {timeout.TotalSeconds:0} s: {string.Join(", ", missing.Select(node => node.Name))}. "
                        + "The network runs on: see dske status, dske logs.");
            }

            report($"{awaited.Count - missing.Count} of {awaited.Count} healthy, waiting for {Shorten(missing)}");
            await Task.Delay(PollInterval, time, stop);
        }
    }

    private static string Shorten(List<NodeState> missing)
    {
        const int most = 3;
        var names = string.Join(", ", missing.Take(most).Select(node => node.Name));
        return missing.Count > most ? $"{names} and {missing.Count - most} more" : names;
    }
}
