using Dske.Protocol.Psrd;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dske.ServiceDefaults.Storage;

/// <summary>Erases what is left of removed blocks: whoever removes them holds locks, or owes somebody an answer.</summary>
internal sealed partial class RemovedBlocks(IPsrdStore store, TimeProvider time, ILogger<RemovedBlocks> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                store.EraseRemoved(stoppingToken);
            }
            catch (IOException fault)
            {
                // The next round may fare better; what was removed is used no more in any case.
                LogFault(logger, fault, fault.Message);
            }
        }
    }

    [LoggerMessage(3201, LogLevel.Error, "Removed random data could not be erased: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);
}
