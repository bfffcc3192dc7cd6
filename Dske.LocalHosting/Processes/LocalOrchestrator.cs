using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Dske.LocalHosting;

/// <summary>
/// Gives endpoints their ports, then starts the resources, all at once save those that wait for others, and stops them all at once.
/// </summary>
internal sealed class LocalOrchestrator : IHostedService, IAsyncDisposable
{
    private readonly List<PortReservation> _ports = [];
    private readonly Dictionary<ProjectResource, ProjectRunner> _runners = [];
    private readonly HealthMonitor _health;
    private readonly bool _randomizePorts;

    public LocalOrchestrator(
        DistributedApplicationModel model,
        ResourceNotificationService notifications,
        ResourceOutput output,
        IHttpClientFactory clients,
        TimeProvider time,
        IConfiguration configuration,
        IHostEnvironment environment)
    {
        _randomizePorts = configuration.GetValue<bool>(RandomizePortsKey);
        _health = new HealthMonitor(notifications, clients, time);
        foreach (var resource in model.Resources.OfType<ProjectResource>())
        {
            var runner = new ProjectRunner(resource, notifications, _health, output, time, environment.EnvironmentName);
            _runners.Add(resource, runner);
            AddLifecycleCommands(resource, runner);
        }
    }

    /// <summary>The setting, named as in Aspire, that makes endpoints take free ports instead of theirs; set under test.</summary>
    public static string RandomizePortsKey => "DcpPublisher:RandomizePorts";

    /// <summary>Starts the resources.</summary>
    /// <returns>A task that ends when all are started that start with the application, or have failed to.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // All ports are taken before any process starts, so that none of them is given to two, or to a process that asks for a free one.
        foreach (var resource in _runners.Keys)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                endpoint.AllocatedPort = AllocatePort(resource, endpoint);
            }
        }

        _ports.ForEach(port => port.MakeWayForListener());
        foreach (var runner in _runners.Values)
        {
            runner.Prepare();
        }

        try
        {
            var starting = _runners.Values.Where(runner => runner.StartsWithApplication);
            await Task.WhenAll(starting.Select(runner => runner.StartAsync(cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped while it started, for instance with Ctrl+C: no error.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_runners.Values.Select(runner => runner.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        // A host that did not finish its start is disposed of without a stop.
        await StopAsync(CancellationToken.None);
        foreach (var runner in _runners.Values)
        {
            runner.Dispose();
        }

        _ports.ForEach(port => port.Dispose());
    }

    private static void AddLifecycleCommands(ProjectResource resource, ProjectRunner runner)
    {
        Add(KnownResourceCommands.StartCommand, runner.StartAsync);
        Add(KnownResourceCommands.StopCommand, _ => runner.StopAsync());
        Add(KnownResourceCommands.RestartCommand, runner.StartAsync);

        void Add(string name, Func<CancellationToken, Task> action) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(name, async context =>
            {
                await action(context.CancellationToken);
                return CommandResults.Success();
            }));
    }

    private int AllocatePort(ProjectResource resource, EndpointAnnotation endpoint)
    {
        if (endpoint.Port is { } port && !(_randomizePorts && endpoint.IsProxied))
        {
            return port;
        }

        if (!endpoint.IsProxied)
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of '{resource.Name}' needs a port, as it has no proxy.");
        }

        var reservation = PortReservation.Take();
        _ports.Add(reservation);
        return reservation.Port;
    }
}
