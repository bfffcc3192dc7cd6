using Dske.Protocol.Clients;

namespace Dske.Client.Hosting;

/// <summary>Writes to the log which hubs seem to lie.</summary>
internal sealed partial class SuspectHubs(ClientEngine client, ILogger<SuspectHubs> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.Reputation.Accused += OnAccused;
        client.Reputation.SuspicionChanged += OnSuspicionChanged;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        client.Reputation.Accused -= OnAccused;
        client.Reputation.SuspicionChanged -= OnSuspicionChanged;
        return Task.CompletedTask;
    }

    private void OnAccused(object? sender, HubAccusation accusation)
        => LogAccused(logger, accusation.Hub.Value, accusation.KeyId, accusation.Initiator);

    private void OnSuspicionChanged(object? sender, HubSuspicion suspicion)
    {
        if (suspicion.IsSuspect)
        {
            LogSuspect(logger, suspicion.Hub.Value);
        }
        else
        {
            LogCleared(logger, suspicion.Hub.Value);
        }
    }

    // One initiator can cause as many of these as it likes, hence not a warning.
    [LoggerMessage(2201, LogLevel.Information, "Hub {Hub} handed out a share that does not fit key {KeyId} of {Initiator}: one of the two lied")]
    private static partial void LogAccused(ILogger logger, string hub, Guid keyId, string initiator);

    [LoggerMessage(2202, LogLevel.Warning, "Hub {Hub} is suspect: its shares do not fit keys of several initiators. They are tried last from now on")]
    private static partial void LogSuspect(ILogger logger, string hub);

    [LoggerMessage(2203, LogLevel.Information, "Hub {Hub} is no longer suspect: its shares have fit for a while")]
    private static partial void LogCleared(ILogger logger, string hub);
}
