using Dske.Protocol.Enrolment;

namespace Dske.Hub.Enrolment;

/// <summary>Has the enrolment key read when the hub starts, and says so where the hub needs none.</summary>
internal sealed partial class OutOfBandNotice(OutOfBandAccess access, ILogger<OutOfBandNotice> logger) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (access.Mode == OutOfBandMode.Open)
        {
            LogOpen(logger);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        1201, LogLevel.Warning, "Whoever reaches this hub may register as any client and fetch PSRD: Dske:Hub:OutOfBand:Mode is open, token would ask for enrolment tokens")]
    private static partial void LogOpen(ILogger logger);
}
