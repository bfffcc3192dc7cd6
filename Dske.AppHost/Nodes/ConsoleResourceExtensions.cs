using Dske.AppHost.Control;
using Dske.Protocol.Topology;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.AppHost.Nodes;

/// <summary>What AppHost.cs says of the console at some length.</summary>
internal static class ConsoleResourceExtensions
{
    private const string PagesEndpoint = "http";
    private const string TelemetryEndpoint = "otlp";
    private const string Section = "Dske__Console__";

    // Read by the service defaults, beside the standard variable, which is left to a collector of the user's or of Aspire.
    private const string TelemetryVariable = "DSKE_CONSOLE_OTLP_ENDPOINT";

    /// <summary>
    /// Makes a project the console: it listens on its two ports of the plan. Both are plain, with TLS between the nodes too: a browser that had to
    /// show a certificate of a laboratory would be no help, and the console answers this machine alone.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AsConsole(this IResourceBuilder<ProjectResource> project, NetworkLaunch launch)
    {
        var isProxied = project.ApplicationBuilder.Configuration.RandomizesPorts();
        project
            .WithHttpEndpoint(port: launch.Ports.ConsoleHttpPort, name: PagesEndpoint, isProxied: isProxied)
            .WithHttpEndpoint(port: launch.Ports.ConsoleGrpcPort, name: TelemetryEndpoint, env: Section + "OtlpGrpcPort", isProxied: isProxied)
            .WithLogLevel(launch);
        if (launch.Certificates is { } certificates)
        {
            project
                .WithEnvironment("Dske__Tls__CertificateFile", certificates.Console.Certificate)
                .WithEnvironment("Dske__Tls__KeyFile", certificates.Console.Key)
                .WithEnvironment("Dske__Tls__ClientCaFile", certificates.AuthorityFile);
        }

        project.ApplicationBuilder.Services.AddSingleton(new NetworkConsole(project.GetEndpoint(PagesEndpoint)));
        return project;
    }

    /// <summary>
    /// Lets the console start and stop nodes through <see cref="ResourceControl"/>, unless the configuration of the AppHost forbids it
    /// (<c>Dske:Console:AllowFaults</c>). It is given the file with the token, not the token.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithFaultControl(this IResourceBuilder<ProjectResource> console, NetworkLaunch launch)
    {
        var allowed = console.ApplicationBuilder.Configuration.GetValue("Dske:Console:AllowFaults", defaultValue: true);
        return console
            .WithEnvironment(Section + "AllowFaults", allowed ? "true" : "false")
            .WithEnvironment(Section + "ControlFile", Path.Combine(launch.DataDirectory, ControlFile.Name));
    }

    /// <summary>Tells the console which nodes there are, and the nodes where to send their telemetry besides.</summary>
    public static IResourceBuilder<ProjectResource> Watch(
        this IResourceBuilder<ProjectResource> console,
        NetworkLaunch launch,
        IEnumerable<IResourceBuilder<ProjectResource>> hubs,
        IReadOnlyDictionary<string, IResourceBuilder<ProjectResource>> clients,
        IEnumerable<(string SaeId, IResourceBuilder<ProjectResource> Resource)> encryptors)
    {
        var nodes = new List<(NodeKind Kind, IResourceBuilder<ProjectResource> Resource)>(
        [
            .. hubs.Select(hub => (NodeKind.Hub, hub)),
            .. clients.Values.Select(client => (NodeKind.Client, client)),
            .. encryptors.Select(encryptor => (NodeKind.Encryptor, encryptor.Resource)),
        ]);
        foreach (var (index, (kind, node)) in nodes.Index())
        {
            var prefix = $"{Section}Nodes__{index}__";
            console
                .WithEnvironment(prefix + "Name", node.Resource.Name)
                .WithEnvironment(prefix + "Kind", kind.ToString())
                .WithEnvironment(prefix + "Url", node.GetEndpoint(launch.Scheme));
            if (kind == NodeKind.Encryptor)
            {
                var (client, encryptor) = Find(launch.Topology, node.Resource.Name);
                console
                    .WithEnvironment(prefix + "SaeId", encryptor.SaeId.Value)
                    .WithEnvironment(prefix + "Client", client.Name.Value);
            }

            // What is looked at while it happens is looked at whole.
            node
                .WithEnvironment(TelemetryVariable, console.GetEndpoint(TelemetryEndpoint))
                .WithEnvironment("Dske__Tracing__RootRatio", console.ApplicationBuilder.Configuration["Dske:Tracing:RootRatio"] ?? "1");
        }

        string threshold = $"{launch.Topology.Threshold}", refillBelow = $"{launch.Topology.Psrd.RefillBelow}", refillTo = $"{launch.Topology.Psrd.RefillTo}";
        return console
            .WithEnvironment(Section + "Threshold", threshold)
            .WithEnvironment(Section + "RefillBelow", refillBelow)
            .WithEnvironment(Section + "RefillTo", refillTo);
    }

    private static (ClientDefinition Client, EncryptorDefinition Encryptor) Find(NetworkTopology topology, string encryptor) =>
        topology.Clients
            .SelectMany(client => client.Encryptors, (client, encryptor) => (client, encryptor))
            .First(pair => pair.encryptor.Name.Value == encryptor);
}
