using Dske.Protocol.Clients;

namespace Dske.Client.Hosting;

/// <summary>Keeps the links to all hubs in order as long as the client runs.</summary>
internal sealed class LinkMaintenance(ClientEngine client) : BackgroundService
{
    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => client.RunAsync(stoppingToken);
}
