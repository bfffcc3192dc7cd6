namespace Dske.Cli.Network;

/// <summary>Ends a whole network.</summary>
/// <param name="files">Its files.</param>
/// <param name="control">Control of it.</param>
/// <param name="time">The clock.</param>
internal sealed class NetworkEnd(NetworkFiles files, NetworkControl control, TimeProvider time)
{
    /// <summary>How long to wait unless told otherwise: nodes get four seconds before they are killed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Ends it, and waits until its last process has ended.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stop">Ends the wait; the network ends all the same.</param>
    /// <exception cref="CommandFailure">It does not end, or cannot be asked.</exception>
    public async Task RunAsync(TimeSpan timeout, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        await control.StopAsync(stop);

        // The AppHost lets go of the directory last.
        while (files.IsInUse())
        {
            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new CommandFailure(ExitCode.TimedOut, $"The network has not ended within {timeout.TotalSeconds:0} s; its AppHost is process {control.ProcessId}.");
            }

            await Task.Delay(PollInterval, time, stop);
        }
    }
}
