using Dske.Protocol.Hubs;

namespace Dske.Hub.Hosting;

/// <summary>Erases expired shares at a hub that nobody asks for anything.</summary>
internal sealed class ShareSweeper(HubEngine hub, HubGauges gauges, TimeProvider time) : BackgroundService
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
            hub.Sweep();
        }
    }
}
