using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.LocalHosting;

/// <summary>Asks running resources how they are: often until they are healthy, then now and then. Safe for concurrent use.</summary>
internal sealed class HealthMonitor(ResourceNotificationService notifications, IHttpClientFactory clients, TimeProvider time)
{
    public static readonly TimeSpan UnhealthyInterval = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(2);

    private const string ClientName = "health";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the HTTP client that asks. How it connects, over TLS for instance, the AppHost may say for all its clients.</summary>
    public static void AddClient(IServiceCollection services) => services
        .AddHttpClient(ClientName, static client => client.Timeout = Timeout)
        .RemoveAllLoggers()
        .UseSocketsHttpHandler(static (handler, _) => (handler.UseProxy, handler.AllowAutoRedirect) = (false, false));

    /// <summary>The health of a resource of which nothing is known yet.</summary>
    public static HealthStatus Initial(IResource resource) =>
        resource.Annotations.OfType<HttpHealthCheckAnnotation>().Any() ? HealthStatus.Unhealthy : HealthStatus.Healthy;

    /// <summary>Publishes each change of health until cancelled.</summary>
    public async Task WatchAsync(IResource resource, CancellationToken cancellationToken)
    {
        var checks = resource.Annotations.OfType<HttpHealthCheckAnnotation>().ToArray();
        var last = Initial(resource);
        while (checks.Length > 0)
        {
            var answers = await Task.WhenAll(checks.Select(check => IsHealthyAsync(check, cancellationToken)));
            var now = answers.All(healthy => healthy) ? HealthStatus.Healthy : HealthStatus.Unhealthy;
            cancellationToken.ThrowIfCancellationRequested();
            if (now != last)
            {
                notifications.Publish(resource, snapshot => snapshot with { LastHealth = now });
                last = now;
            }

            await Task.Delay(now == HealthStatus.Healthy ? HealthyInterval : UnhealthyInterval, time, cancellationToken);
        }
    }

    private async Task<bool> IsHealthyAsync(HttpHealthCheckAnnotation check, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.GetAsync(new Uri(new Uri(check.Endpoint.Url), check.Path), cancellationToken);
            return (int)answer.StatusCode == check.StatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It took too long.
            return false;
        }
    }
}
