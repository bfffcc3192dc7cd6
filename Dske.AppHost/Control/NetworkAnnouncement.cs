using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Dske.AppHost.Control;

/// <summary>Prints the table of nodes once each is healthy or has ended, and what is still missing when that takes long.</summary>
internal sealed class NetworkAnnouncement(
    IEnumerable<NetworkNode> nodes,
    IEnumerable<NetworkConsole> consoles,
    ResourceNotificationService notifications,
    NetworkLaunch launch,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly NetworkNode[] _nodes = [.. nodes];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settled = Task.WhenAll(_nodes.Select(node => notifications.WaitForResourceAsync(node.Name, IsSettled, stoppingToken)));
        while (await Task.WhenAny(settled, Task.Delay(Patience, time, stoppingToken)) != settled)
        {
            stoppingToken.ThrowIfCancellationRequested();
            Console.WriteLine($"{Environment.NewLine}Not ready yet:");
            Console.WriteLine(NetworkTable.Format(CurrentStatus().Where(node => !IsHealthy(node))));
        }

        await settled;
        var status = CurrentStatus();
        var topology = launch.Topology;
        var example = NetworkTable.FormatExample(topology, AddressOf, launch.Certificates);
        var delivery = launch.Certificates is null ? null : NetworkTable.FormatKeyDelivery(topology, AddressOf, launch.Certificates);
        Console.WriteLine(
            $"""

            The network is up{(status.All(IsHealthy) ? "" : " in part")}. A key takes {topology.Threshold} of {topology.Hubs.Count} hubs. {(launch.BackgroundLog is null ? "Ctrl+C" : "dske stop")} stops it.

            {NetworkTable.Format(status, consoles.FirstOrDefault()?.Pages.Url)}
            """);
        if (example is not null)
        {
            Console.WriteLine($"Establish a key:{Environment.NewLine}{Environment.NewLine}  {example}{Environment.NewLine}");
        }

        if (delivery is not null)
        {
            Console.WriteLine($"Fetch one like equipment does:{Environment.NewLine}{Environment.NewLine}  {delivery}{Environment.NewLine}");
        }
    }

    private static bool IsHealthy(ResourceStatus node) => node.Health == nameof(HealthStatus.Healthy);

    private static bool IsSettled(ResourceEvent change) =>
        change.Snapshot.HealthStatus == HealthStatus.Healthy || KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text);

    private Uri AddressOf(string name) => new(_nodes.Single(node => node.Name == name).Endpoint.Url);

    private ResourceStatus[] CurrentStatus() => [.. _nodes.Select(node => ResourceStatus.Of(node, notifications))];
}
