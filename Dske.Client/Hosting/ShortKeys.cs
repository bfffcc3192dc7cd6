using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>Warns at start where keys may be so short that fewer hubs than the threshold can find them.</summary>
internal sealed partial class ShortKeys(IOptions<ClientOptions> options, ILogger<ShortKeys> logger) : IHostedService
{
    /// <summary>The smallest size that nobody finds by trying, in bits.</summary>
    public const int LeastSafeSize = 128;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var size = options.Value.Keys.MinSize;
        if (size < LeastSafeSize)
        {
            LogShort(logger, size, LeastSafeSize);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        2221,
        LogLevel.Warning,
        "Dske:Client:Keys:MinSize lets encryptors have keys of {Size} bits. Below {Safe}, one hub fewer than the threshold can find a key by trying all of them against the check inside the shares")]
    private static partial void LogShort(ILogger logger, int size, int safe);
}
