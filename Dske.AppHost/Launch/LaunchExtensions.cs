using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Dske.AppHost.Control;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.AppHost.Launch;

/// <summary>The last step before a network runs.</summary>
internal static class LaunchExtensions
{
    /// <summary>
    /// Checks that the ports are free, takes the data directory, makes tokens and certificates, and adds what shows and controls
    /// the nodes. What is wrong is printed.
    /// </summary>
    /// <returns>Whether the network can run.</returns>
    public static bool TryPrepareRun(this IDistributedApplicationBuilder builder, NetworkLaunch launch)
    {
        var taken = builder.Configuration.RandomizesPorts() ? [] : PortsOf(launch).Where(listener => IsTaken(listener.Port)).ToList();
        if (taken.Count > 0)
        {
            Console.Error.WriteLine(taken.Count == 1
                ? $"Port {taken[0].Port}, which {taken[0].Listener} is to listen on, is taken by another process. "
                    + $"End that one, or change base_port in {launch.TopologyFile}."
                : $"{taken.Count} ports are taken: {string.Join(", ", taken.Select(listener => $"{listener.Port} ({listener.Listener})"))}. "
                    + $"If a network runs already, end it; otherwise change base_port in {launch.TopologyFile}.");
            return false;
        }

        if (!DataDirectory.TryOpen(launch.DataDirectory, launch.IsFresh, out var directory, out var problem))
        {
            Console.Error.WriteLine(problem);
            return false;
        }

        if (!launch.Enrolment.TryRenew(launch.Topology, launch.OutOfBand, SystemEntropySource.Instance, out problem)
            || !launch.Operator.TryRenew(SystemEntropySource.Instance, out problem)
            || launch.Certificates?.TryRenew(launch.Topology, TimeProvider.System, out problem) == false
            || !TryLeave(launch, out problem))
        {
            directory.Dispose();
            Console.Error.WriteLine(problem);
            return false;
        }

        if (launch.Certificates is { } certificates)
        {
            // Health checks and commands of either orchestrator connect as all clients of the AppHost do.
            builder.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(certificates.CreateHandler));
        }

        Console.WriteLine(Orchestrator.Description);
        builder.Services.AddSingleton(launch);
        builder.Services.AddSingleton(_ => directory);
        builder.Services.AddHostedService<ResourceControl>();
        builder.Services.AddHostedService<NetworkAnnouncement>();
        return true;
    }

    // The last step that can fail: whoever started the AppHost learns what was wrong before it.
    private static bool TryLeave(NetworkLaunch launch, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            if (launch.BackgroundLog is { } log)
            {
                Background.Enter(log);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"The log cannot be written: {e.Message} Name another file with --background.";
        }

        return problem is null;
    }

    private static IEnumerable<(string Listener, int Port)> PortsOf(NetworkLaunch launch)
    {
        var nodes = launch.Ports.Ports.Select(node => (node.Key.Value, node.Value));
        return launch.HasConsole ? [.. nodes, ("console", launch.Ports.ConsoleHttpPort), ("console", launch.Ports.ConsoleGrpcPort)] : nodes;
    }

    private static bool IsTaken(int port) =>
        IsTaken(new IPEndPoint(IPAddress.Loopback, port))
        || (Socket.OSSupportsIPv6 && IsTaken(new IPEndPoint(IPAddress.IPv6Loopback, port)));

    private static bool IsTaken(IPEndPoint endpoint)
    {
        using var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endpoint);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
