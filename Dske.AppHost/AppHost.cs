// The DSKE network, from top to bottom: hubs, clients (KMEs) and encryptors (SAEs), as topology.yaml lists them, and the console.
// The built-in orchestrator and Aspire compile this same file; the project file chooses.

if (!NetworkLaunch.TryRead(args, out var launch, out var exitCode))
{
    return exitCode;
}

var builder = DistributedApplication.CreateBuilder(launch.HostArguments);
var topology = launch.Topology;
string threshold = $"{topology.Threshold}";

// Hubs hold random data in common with every client and pass key shares on. They need nobody.
var hubs = new List<IResourceBuilder<ProjectResource>>();
foreach (var hub in topology.Hubs.Where(hub => hub.RunsHere))
{
    hubs.Add(builder.AddProject<Projects.Dske_Hub>(hub.Name.Value, launchProfileName: null)
        .AsNode(launch, hub.Name, NodeKind.Hub)
        .WithHttpHealthCheck("/health", endpointName: launch.Scheme)
        .WithUrlForEndpoint(launch.Scheme, url => { url.DisplayText = "API"; url.Url += "/scalar"; })
        .WithEnvironment("Dske__Hub__Name", hub.Name.Value)
        .WithEnvironment("Dske__Hub__Threshold", threshold)
        .WithEnvironmentList("Dske__Hub__Hubs", topology.Hubs.Select(other => other.Name.Value))
        .WithEnrolmentKey(launch, hub.Name));
}

// Clients split keys among the hubs and put them together again. They wait for no hub: a dead one must not hold up the rest.
var clients = new Dictionary<string, IResourceBuilder<ProjectResource>>();
foreach (var client in topology.Clients.Where(client => client.RunsHere))
{
    clients.Add(client.Name.Value, builder.AddProject<Projects.Dske_Client>(client.Name.Value, launchProfileName: null)
        .AsNode(launch, client.Name, NodeKind.Client)
        .WithHttpHealthCheck("/health", endpointName: launch.Scheme)
        .WithUrlForEndpoint(launch.Scheme, url => { url.DisplayText = "API"; url.Url += "/scalar"; })
        .WithEnvironment("Dske__Client__Name", client.Name.Value)
        .WithEnvironment("Dske__Client__Threshold", threshold)
        .WithEnvironmentList("Dske__Client__Encryptors", client.Encryptors.Select(encryptor => encryptor.SaeId.Value))
        .WithPsrdSettings(topology.Psrd)
        .WithHubs(launch, hubs)
        .WithEnrolmentTokens(launch, client.Name));
}

// Encryptors take keys from the client of their site and agree on them with each other. Each is ready once its client is.
var encryptors = new List<(string SaeId, IResourceBuilder<ProjectResource> Resource)>();
foreach (var client in topology.Clients.Where(client => client.RunsHere))
{
    foreach (var encryptor in client.Encryptors)
    {
        encryptors.Add((encryptor.SaeId.Value, builder.AddProject<Projects.Dske_Encryptor>(encryptor.Name.Value, launchProfileName: null)
            .AsNode(launch, encryptor.Name, NodeKind.Encryptor)
            .WithHttpHealthCheck("/health", endpointName: launch.Scheme)
            .WithUrlForEndpoint(launch.Scheme, url => { url.DisplayText = "API"; url.Url += "/scalar"; })
            .WithEnvironment("Dske__Encryptor__SaeId", encryptor.SaeId.Value)
            .WithEnvironment("Dske__Encryptor__Kme__Name", client.Name.Value)
            .WithEnvironment("Dske__Encryptor__Kme__Url", launch.UrlOf(client.Name))
            .WithEnvironment("Dske__Encryptor__Tunnels__Targets__0", "127.0.0.1:9000-9999")
            .WithSinks(encryptor.Sinks)
            .WithReference(clients[client.Name.Value])));
    }
}

foreach (var (saeId, encryptor) in encryptors)
{
    var peers = encryptors.Where(peer => peer.SaeId != saeId).ToList();
    encryptor.WithPeers(launch, peers);
    foreach (var peer in peers)
    {
        encryptor.WithKeyCommand(launch, saeId, peer.SaeId);
    }
}

// The console looks on: it asks every node how it is and takes its telemetry. Nobody waits for it, and no node notices when it is gone.
if (launch.HasConsole)
{
    builder.AddProject<Projects.Dske_Console>("console", launchProfileName: null)
        .AsConsole(launch)
        .WithHttpHealthCheck("/alive", endpointName: "http")
        .WithUrlForEndpoint("http", url => url.DisplayText = "Console")
        .WithFaultControl(launch)
        .Watch(launch, hubs, clients, encryptors);
}

// Before anything starts: ports are free, the data directory is ours, tokens and certificates are made. Then the table of nodes, and control of them for other processes.
if (builder.ExecutionContext.IsRunMode && !builder.TryPrepareRun(launch))
{
    return 1;
}

builder.Build().Run();
return 0;
