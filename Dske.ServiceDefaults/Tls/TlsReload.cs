using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// Looks at the files of TLS now and then, rather than waiting for word of the file system: where files are links or come over a network, there
/// is none.
/// </summary>
internal sealed partial class TlsReload(TlsMaterials materials, IOptions<TlsOptions> options, TimeProvider time, ILogger<TlsReload> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!materials.IsConfigured)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                materials.Reload();
            }

            // Whatever it is, the node serves on with what it has, and the next look may fare better.
            catch (Exception e)
            {
                LogFault(logger, e, e.Message);
            }
        }
    }

    [LoggerMessage(3104, LogLevel.Error, "The files of TLS could not be looked at, those read before stay in use: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);
}
