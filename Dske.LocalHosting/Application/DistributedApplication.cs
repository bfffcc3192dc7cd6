using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.LocalHosting;

/// <summary>
/// An application of several processes, run on this machine. The types of this namespace stand in for those of the same names in
/// Aspire.Hosting 13.1, with the same signatures, constraints and behaviour, as far as the AppHost of this repository and its tests use
/// them, so that both compile against either.
/// </summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;

    internal DistributedApplication(IHost host) => _host = host;

    /// <summary>The services of the AppHost itself.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>How the resources are.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>What can be done with the resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Begins to describe an application.</summary>
    /// <param name="args">Command-line arguments; they become configuration of the AppHost.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Starts the resources.</summary>
    /// <param name="cancellationToken">Calls the start off.</param>
    /// <returns>A task that ends when all resources are started, as far as they start with the application.</returns>
    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Stops the resources, which get a few seconds' grace.</summary>
    /// <param name="cancellationToken">Not used: no process is left behind.</param>
    /// <returns>A task that ends when the last process has ended.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>
    /// Starts the resources and runs until the AppHost is told to stop: Ctrl+C, SIGTERM, or <paramref name="cancellationToken"/>.
    /// </summary>
    /// <param name="cancellationToken">Tells it to stop.</param>
    /// <returns>A task that ends when the last process has ended.</returns>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _host.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it had started.
        }
    }

    /// <summary>Does what <see cref="RunAsync"/> does, and blocks meanwhile.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Stops what still runs.</summary>
    public void Dispose() => _host.Dispose();

    /// <summary>Stops what still runs.</summary>
    /// <returns>A task that ends when the last process has ended.</returns>
    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
