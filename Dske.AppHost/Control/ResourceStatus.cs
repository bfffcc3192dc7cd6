
namespace Dske.AppHost.Control;

/// <summary>How a node is, for other processes.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">hub, client or encryptor.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="State">The state of its process, for instance Running or Finished.</param>
/// <param name="Health">Healthy or Unhealthy; null unless it runs.</param>
/// <param name="ExitCode">How its process ended; null while it runs.</param>
internal sealed record ResourceStatus(string Name, string Kind, string? Url, string State, string? Health, int? ExitCode)
{
    public static ResourceStatus Of(NetworkNode node, ResourceNotificationService notifications)
    {
        var snapshot = notifications.TryGetCurrentState(node.Name, out var current) ? current.Snapshot : null;
        return new ResourceStatus(
            node.Name,
            node.Kind.ToString().ToLowerInvariant(),
            node.Endpoint.IsAllocated ? node.Endpoint.Url : null,
            snapshot?.State?.Text ?? KnownResourceStates.NotStarted,
            snapshot?.HealthStatus?.ToString(),
            snapshot?.ExitCode);
    }
}
