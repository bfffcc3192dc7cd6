using Dske.Protocol.Clients;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.Client.Hosting;

/// <summary>A client is ready with a threshold of usable hubs.</summary>
internal sealed class HubsHealth(ClientEngine client) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var usable = client.Links.Count(link => link.IsUsable);
        var description = $"{usable} of {client.Links.Count} hubs usable, {client.Threshold} needed";
        return Task.FromResult(client.IsReady ? HealthCheckResult.Healthy(description) : HealthCheckResult.Unhealthy(description));
    }
}
