using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// Looks at the files of TLS now and then, rather than waiting for word of the file system: where files are links or come over a network, there
/// is none.
/// </summary>
internal sealed class TlsReload(TlsMaterials materials, IOptions<TlsOptions> options, TimeProvider time) : BackgroundService
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
            materials.Reload();
        }
    }
}
