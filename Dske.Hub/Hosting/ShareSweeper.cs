using Dske.Protocol.Hubs;

namespace Dske.Hub.Hosting;

/// <summary>Erases expired shares and unconfirmed blocks at a hub that nobody asks for anything.</summary>
internal sealed partial class ShareSweeper(HubEngine hub, HubGauges gauges, TimeProvider time, ILogger<ShareSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Held so that the gauges exist as long as the hub runs.
    private readonly HubGauges _gauges = gauges;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                hub.Sweep();
            }

            // Whatever it is, the next round may fare better; and the hub goes on relaying.
            catch (Exception e)
            {
                LogFault(logger, e, e.Message);
            }
        }
    }

    [LoggerMessage(1211, LogLevel.Error, "The storage failed: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);
}
