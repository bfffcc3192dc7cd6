using Dske.Encryptor.Configuration;

namespace Dske.Encryptor.Sinks;

/// <summary>Runs all sinks as long as the node runs.</summary>
internal sealed class SinkService(
    KeySinks sinks,
    EncryptorSettings settings,
    IServiceScopeFactory services,
    TimeProvider time,
    ILogger<SinkService> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(sinks.All.SelectMany(sink => Run(sink, stoppingToken)));

    private IEnumerable<Task> Run(KeySink sink, CancellationToken stopping)
    {
        yield return new SinkDelivery(sink, TargetOf(sink.Settings), time, logger).RunAsync(stopping);
        if (sink.Settings.Interval is not null)
        {
            yield return new SinkDriver(sink, settings.SaeId, services, time, logger).RunAsync(stopping);
        }
    }

    private ISinkTarget TargetOf(SinkSettings sink) => sink.Target switch
    {
        FileTargetSettings file => new FileTarget(file, sink.Format),
        CommandTargetSettings command => new CommandTarget(sink, command, time),
        _ => throw new InvalidOperationException($"There is no target of the kind {sink.Target.Kind}."),
    };
}
