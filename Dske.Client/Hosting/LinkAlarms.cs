using Dske.Protocol.Clients;

namespace Dske.Client.Hosting;

/// <summary>Writes to the log that this client's storage turned out to be an older copy.</summary>
internal sealed partial class LinkAlarms(ClientEngine client, ILogger<LinkAlarms> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var link in client.Links)
        {
            link.SetBack += OnSetBack;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var link in client.Links)
        {
            link.SetBack -= OnSetBack;
        }

        return Task.CompletedTask;
    }

    private void OnSetBack(object? sender, EventArgs e) => LogSetBack(logger, ((HubLink)sender!).Hub.Value);

    [LoggerMessage(2211, LogLevel.Critical, "Hub {Hub} has seen PSRD used that this client knows nothing of: its data directory is an older copy. The link begins anew, with new PSRD")]
    private static partial void LogSetBack(ILogger logger, string hub);
}
