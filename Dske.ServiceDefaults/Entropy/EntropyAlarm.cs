using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Entropy;

/// <summary>
/// Says that a node's source of randomness has failed: once in the log and in the metrics, and in the node's health as long as the node
/// runs. The health is degraded and no worse, since the node goes on with all that needs no new randomness.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed partial class EntropyAlarm : IHealthCheck
{
    /// <summary>The name of the health check.</summary>
    public const string CheckName = "entropy";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Dske.Entropy";

    private readonly string? _source;
    private readonly ILogger<EntropyAlarm> _logger;
    private readonly Counter<long> _failures;
    private volatile string? _failure;

    /// <summary>Makes the alarm of one node.</summary>
    /// <param name="options">Which source it is about.</param>
    /// <param name="meters">Makes the meter, and ends it with the node.</param>
    /// <param name="logger">Where the alarm is written.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public EntropyAlarm(IOptions<EntropyOptions> options, IMeterFactory meters, ILogger<EntropyAlarm> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(logger);
        _source = options.Value.Source;
        _logger = logger;
        _failures = meters.Create(MeterName).CreateCounter<long>("dske.entropy.failures", "{failure}", "Sources of randomness that failed, by source and reason.");
    }

    /// <summary>Gives the alarm.</summary>
    /// <param name="reason">The short stable name of the reason, for the metric.</param>
    /// <param name="message">One sentence for people, without a byte of what the source delivered.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Raise(string reason, string message)
    {
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentNullException.ThrowIfNull(message);
        _failure = message;
        _failures.Add(1, new KeyValuePair<string, object?>("dske.source", _source), new KeyValuePair<string, object?>("dske.reason", reason));
        LogFailure(_source, message);
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _failure is { } failure ? HealthCheckResult.Degraded($"'{_source}' has failed until the node is restarted. {failure}")
        : HealthCheckResult.Healthy(_source is null ? "the operating system's generator" : $"the operating system's generator, mixed with '{_source}'"));

    [LoggerMessage(3001, LogLevel.Error, "The source of randomness '{Source}' has failed: nothing that needs new randomness is made until the node is restarted. {Reason}")]
    private partial void LogFailure(string? source, string reason);
}
