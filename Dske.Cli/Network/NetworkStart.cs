using Dske.Cli.Terminals;
using Dske.Protocol.Enrolment;

namespace Dske.Cli.Network;

/// <summary>Brings a whole network up in the background.</summary>
/// <param name="context">What the command works with.</param>
/// <param name="files">The files of the network.</param>
internal sealed class NetworkStart(CommandContext context, NetworkFiles files)
{
    /// <summary>Brings it up and waits until it is healthy. A start that is called off leaves nothing running.</summary>
    /// <param name="settings">How.</param>
    /// <param name="timeout">How long to wait for health, all together.</param>
    /// <param name="stop">Calls it off.</param>
    /// <returns>The process of the AppHost, and how its nodes are.</returns>
    /// <exception cref="CommandFailure">It does not come up; one that has is left running.</exception>
    public async Task<(int ProcessId, NodeState[] Nodes)> RunAsync(LaunchSettings settings, TimeSpan timeout, CancellationToken stop)
    {
        files.LoadTopology();
        if (files.IsInUse())
        {
            throw new CommandFailure(ExitCode.WrongState, $"A network runs on {files.DataDirectory} already: dske status tells how it is, dske stop ends it.");
        }

        using var process = AppHostProcess.Start(context, files, settings);
        return await context.Terminal.ShowAsync("Starting the network", async report =>
        {
            NetworkControl? control = null;
            try
            {
                var start = context.Time.GetTimestamp();
                control = await process.WaitForControlAsync(timeout, stop);

                // Clients that live on couriered files are not healthy before those have come.
                var names = (await control.ListAsync(stop)).Where(node => settings.OutOfBand != OutOfBandMode.Off || node.Kind == "hub")
                    .Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
                return (control.ProcessId, await new HealthWait(control, context.Time).WaitAsync(names, timeout, start, report, stop));
            }
            catch (OperationCanceledException)
            {
                report("Stopping the network again");
                await UndoAsync(process, control);
                throw;
            }
            finally
            {
                control?.Dispose();
            }
        });
    }

    private async Task UndoAsync(AppHostProcess process, NetworkControl? control)
    {
        if (control is null)
        {
            await process.KillAsync();
            return;
        }

        await new NetworkEnd(files, control, context.Time).RunAsync(NetworkEnd.Patience, CancellationToken.None);
    }
}
