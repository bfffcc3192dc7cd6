using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Sinks;

/// <summary>Establishes a fresh key for a sink each interval, the first at once, and tries again when that fails.</summary>
/// <remarks>
/// Both ends may do so. An end that got its latest key from the other one lets it go ahead next time, and steps in when nothing comes. Should
/// both begin at once, each refuses the other; their waits differ, so that they do not go on so.
/// </remarks>
internal sealed partial class SinkDriver
{
    private readonly KeySink _sink;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _firstWait;
    private readonly IServiceScopeFactory _services;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="sink">A sink with an interval.</param>
    /// <param name="own">This encryptor.</param>
    /// <param name="services">Where an initiator for each exchange comes from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    public SinkDriver(KeySink sink, SaeId own, IServiceScopeFactory services, TimeProvider time, ILogger logger)
    {
        _sink = sink;
        _interval = sink.Settings.Interval ?? throw new ArgumentException("The other end drives this sink.", nameof(sink));
        _firstWait = TimeSpan.FromSeconds(string.CompareOrdinal(own.Value, sink.Settings.Peer.SaeId.Value) < 0 ? 1 : 2);
        _services = services;
        _time = time;
        _logger = logger;
    }

    /// <summary>Runs until <paramref name="stopping"/> fires.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff(_firstWait);
        while (true)
        {
            await WaitUntilDueAsync(stopping);
            var (failure, retryAfter) = await TryAsync(stopping);
            if (failure is null)
            {
                backoff.Reset();
                continue;
            }

            _sink.NoteFailure(SinkStep.Establish, failure);
            LogFailure(_logger, _sink.Name, _sink.Settings.Peer.SaeId, failure.Detail);
            await WaitAsync(Wait(backoff.Next(), retryAfter), stopping);
        }
    }

    private static TimeSpan Wait(TimeSpan backoff, TimeSpan? asked) =>
        asked is not { } longer || longer <= backoff ? backoff : longer < Backoff.Longest ? longer : Backoff.Longest;

    private async Task<(SinkFailure? Failure, TimeSpan? RetryAfter)> TryAsync(CancellationToken stopping)
    {
        try
        {
            var result = await EstablishAsync(stopping);
            return result?.Succeeded != false ? default : (Describe(result), result.RetryAfter);
        }

        // Whatever it is, the equipment keeps its old key and the next attempt may fare better.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            return (new SinkFailure("fault", $"No key could be established: {e.Message}"), null);
        }
    }

    private static SinkFailure Describe(ExchangeResult<EstablishedKeys> result)
    {
        var detail = $"No key could be established: {result.Failure}.";
        return new SinkFailure(result.Failure.ToString(), result.Detail is null ? detail : $"{detail} It says: {result.Detail}");
    }

    // By time that passes, not by the clock, which may be set.
    private TimeSpan DueIn() => _sink.Status is { Latest: { } latest } status
        ? (latest.Role == KeyRole.Initiator ? _interval : _interval * 1.25) - _time.GetElapsedTime(status.LatestTimestamp)
        : TimeSpan.Zero;

    private async Task WaitUntilDueAsync(CancellationToken stopping)
    {
        // The other end may have sent a key meanwhile.
        while (DueIn() is var wait && wait > TimeSpan.Zero)
        {
            await WaitAsync(wait, stopping);
        }
    }

    private Task WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        _sink.NoteNext(_time.GetUtcNow() + wait);
        return Task.Delay(wait, _time, stopping);
    }

    // Null when it turned out that a key had come.
    private async Task<ExchangeResult<EstablishedKeys>?> EstablishAsync(CancellationToken stopping)
    {
        using var turn = await _sink.BeginExchangeAsync(stopping);
        if (DueIn() > TimeSpan.Zero)
        {
            return null;
        }

        // An initiator each time: what it calls with is not to outlive a change of addresses or certificates.
        await using var scope = _services.CreateAsyncScope();
        var initiator = scope.ServiceProvider.GetRequiredService<KeyInitiator>();
        return await initiator.EstablishAsync(_sink.Settings.Peer, 1, _sink.Settings.SizeBits, _sink, stopping);
    }

    [LoggerMessage(4001, LogLevel.Warning, "The key sink {Sink} with {Peer} gets no fresh key, the old one stays: {Failure}")]
    private static partial void LogFailure(ILogger logger, string sink, SaeId peer, string failure);
}
