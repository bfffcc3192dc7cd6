using Dske.Cli.Network;
using Dske.Cli.Terminals;

namespace Dske.Cli.Nodes;

/// <summary>Starts, stops or restarts some nodes of a network that runs.</summary>
/// <param name="context">What the command works with.</param>
/// <param name="control">Control of the network.</param>
internal sealed class NodeWork(CommandContext context, NetworkControl control)
{
    /// <summary>Does it to all of them at once, and waits until they are healthy or gone.</summary>
    /// <param name="nodes">The nodes, as they are.</param>
    /// <param name="verb">What to do.</param>
    /// <param name="timeout">How long to wait for health.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>How they are by then, in the order of the topology.</returns>
    /// <exception cref="CommandFailure">One of them is not in a state for it, in which case nothing was done; or it did not work.</exception>
    public async Task<NodeState[]> RunAsync(IReadOnlyList<NodeState> nodes, NodeVerb verb, TimeSpan timeout, CancellationToken stop)
    {
        if (verb == NodeVerb.Start && nodes.FirstOrDefault(node => node.Runs) is { } running)
        {
            throw new CommandFailure(ExitCode.WrongState, $"{running.Name} runs already. Nothing was started.");
        }

        if (verb == NodeVerb.Stop && nodes.FirstOrDefault(node => !node.Runs) is { } stopped)
        {
            throw new CommandFailure(ExitCode.WrongState, $"{stopped.Name} does not run. Nothing was stopped.");
        }

        var names = nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var doing = verb switch { NodeVerb.Start => "Starting", NodeVerb.Stop => "Stopping", _ => "Restarting" };
        var all = await context.Terminal.ShowAsync($"{doing} {string.Join(", ", names)}", async report =>
        {
            await Task.WhenAll(names.Select(name => control.ExecuteAsync(name, verb, stop)));
            return verb == NodeVerb.Stop
                ? await control.ListAsync(stop)
                : await new HealthWait(control, context.Time).WaitAsync(names, timeout, context.Time.GetTimestamp(), report, stop);
        });
        return [.. all.Where(node => names.Contains(node.Name))];
    }
}
