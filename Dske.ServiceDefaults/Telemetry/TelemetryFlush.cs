using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Dske.ServiceDefaults.Telemetry;

/// <summary>
/// Hands the last traces, metrics and logs to the collector when the node has stopped: all three at once and within a fixed time.
/// Left to disposal they would go one after the other, and a collector that hangs would hold up the stop three times.
/// </summary>
internal sealed class TelemetryFlush : IHostedLifecycleService
{
    // Longer than one export may take (1 s by default): cut short in mid-export, the provider would wait again when disposed.
    private const int TimeoutMilliseconds = 1500;

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;
    private readonly LoggerProvider _logs;

    public TelemetryFlush(TracerProvider traces, MeterProvider metrics, LoggerProvider logs)
    {
        _traces = traces;
        _metrics = metrics;
        _logs = logs;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
        OnOwnThread(() => _traces.Shutdown(TimeoutMilliseconds)),
        OnOwnThread(() => _metrics.Shutdown(TimeoutMilliseconds)),
        OnOwnThread(() => _logs.Shutdown(TimeoutMilliseconds)));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Shutdown blocks; on the pool it would take the threads that the exports it waits for need.
    private static Task OnOwnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
