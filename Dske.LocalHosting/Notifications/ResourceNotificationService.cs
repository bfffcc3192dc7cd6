using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.LocalHosting;

/// <summary>
/// Knows how each resource is, and tells who asks. Safe for concurrent use: <see cref="_gate"/> guards the states and the list of
/// watchers, so that a watcher sees the state at its start and each change after it once and in order.
/// </summary>
public class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ChannelWriter<ResourceEvent>> _watchers = [];

    /// <summary>Waits until a resource is in a state, or finds it there.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; null for <see cref="KnownResourceStates.Running"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the resource is there.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a resource is in one of some states, or finds it there.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(
            resourceName, change => change.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a resource is as asked, or finds it so.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="predicate">Whether the resource is as asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How the resource was then.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException($"The wait for '{resourceName}' was ended.", cancellationToken);
    }

    /// <summary>Waits until a resource runs and, if it has a health check, is healthy.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How the resource was then.</returns>
    /// <exception cref="DistributedApplicationException">The resource has ended, or failed to start.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName, change => change.Snapshot.HealthStatus == HealthStatus.Healthy || IsTerminal(change.Snapshot), cancellationToken);
        return IsTerminal(reached.Snapshot)
            ? throw new DistributedApplicationException(
                $"The resource '{resourceName}' cannot become healthy: {Describe(reached.Snapshot)}.")
            : reached;
    }

    /// <summary>Tells how each resource is, then each change.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>States and changes, without an end.</returns>
    /// <exception cref="OperationCanceledException">The watch was ended.</exception>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                changes.Writer.TryWrite(state);
            }

            _watchers.Add(changes.Writer);
        }

        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(changes.Writer);
            }
        }
    }

    /// <summary>Tells how a resource is.</summary>
    /// <param name="resourceId">The ID or the name.</param>
    /// <param name="resourceEvent">How it is, when the result is true.</param>
    /// <returns>False when there is no such resource, or the application has not started.</returns>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            return _states.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>Changes how a resource is, and tells the watchers.</summary>
    internal void Publish(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_gate)
        {
            var before = _states.TryGetValue(resource.Name, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = "Project", Properties = [] };
            var now = _states[resource.Name] = new ResourceEvent(resource, resource.Name, change(before));
            foreach (var watcher in _watchers)
            {
                watcher.TryWrite(now);
            }
        }
    }

    /// <summary>Waits for all that a resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">One of them failed.</exception>
    internal Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToArray();
        if (waits.Length > 0)
        {
            Publish(resource, snapshot => snapshot with { State = KnownResourceStates.Waiting });
        }

        return Task.WhenAll(waits.Select(wait => WaitForResourceHealthyAsync(wait.Dependency.Name, cancellationToken)));
    }

    private static bool IsTerminal(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);

    private static string Describe(CustomResourceSnapshot snapshot) =>
        snapshot.ExitCode is { } exitCode ? $"it ended with exit code {exitCode}" : "it failed to start";
}
