using Dske.Encryptor.Tunnels;

namespace Dske.Encryptor.Links;

/// <summary>Brings links and tunnels up with the node, and takes them down before its server waits for connections to end.</summary>
internal sealed class LinkHost(LinkConfiguration configuration, LinkTable links, TunnelTable tunnels) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        configuration.Restore();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await tunnels.DisposeAsync();
        await links.DisposeAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
