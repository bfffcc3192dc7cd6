using Dske.Protocol.Hubs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.Hub.Hosting;

/// <summary>A hub is ready when its storage answers.</summary>
internal sealed class StorageHealth(HubEngine hub) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(hub.HasStorageFault
            ? HealthCheckResult.Unhealthy("the storage failed; the log says which file")
            : HealthCheckResult.Healthy($"{hub.GetClients().Count} clients"));
}
