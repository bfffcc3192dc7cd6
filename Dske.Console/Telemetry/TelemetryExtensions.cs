using Dske.Console.Otlp;
using Dske.Console.Telemetry.Logs;
using Dske.Console.Telemetry.Metrics;
using Dske.Console.Telemetry.Traces;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dske.Console.Telemetry;

/// <summary>The stores of what the nodes report.</summary>
internal static class TelemetryExtensions
{
    /// <summary>Adds <see cref="TraceStore"/>, <see cref="LogStore"/> and <see cref="MetricStore"/>, all of them empty, and what fills them.</summary>
    /// <param name="services">The services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddTelemetryStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TelemetryLimits>();
        services.TryAddSingleton<TextPool>();
        services.TryAddSingleton(provider => new TraceStore(provider.GetRequiredService<TelemetryLimits>()));
        services.TryAddSingleton(provider => new LogStore(provider.GetRequiredService<TelemetryLimits>()));
        services.TryAddSingleton(provider => new MetricStore(provider.GetRequiredService<TelemetryLimits>(), provider.GetRequiredService<TimeProvider>()));
        services.AddOtlp();
        return services;
    }
}
