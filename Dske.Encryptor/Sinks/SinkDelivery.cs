using System.Diagnostics;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Sinks;

/// <summary>Hands over what comes to a sink, one key after the other, and tries again with the same key until a newer one comes.</summary>
internal sealed partial class SinkDelivery(KeySink sink, ISinkTarget target, TimeProvider time, ILogger logger)
{
    /// <summary>How long to wait after a first failure.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Runs until <paramref name="stopping"/> fires.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        target.Prepare();
        while (await sink.WaitForKeyAsync(stopping))
        {
            using var key = sink.TakeKey();
            if (key is not null)
            {
                await HandOverAsync(key, stopping);
            }
        }
    }

    private async Task HandOverAsync(SinkKey key, CancellationToken stopping)
    {
        var backoff = new Backoff(FirstWait);
        while (await TryAsync(key, stopping) is { } failure)
        {
            sink.NoteFailure(SinkStep.HandOver, failure);
            LogFailure(logger, sink.Name, sink.Settings.Peer.SaeId, key.Established.KeyId, failure.Detail, failure.Cause);
            if (await IsSupersededWithinAsync(backoff.Next(), stopping))
            {
                return;
            }
        }

        sink.NoteHandedOver(key.Established);
        LogSuccess(logger, sink.Name, sink.Settings.Peer.SaeId, key.Established.KeyId, key.Established.Fingerprint);
    }

    private async Task<SinkFailure?> TryAsync(SinkKey key, CancellationToken stopping)
    {
        using var span = SinkTelemetry.BeginHandOver(sink);
        SinkFailure? failure;
        try
        {
            failure = await target.HandOverAsync(key, stopping);
        }

        // Whatever it is, the equipment keeps its old key and the next attempt may fare better.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            failure = new SinkFailure("fault", $"The hand-over failed ({e.GetType().Name}); the log says more.", e);
        }

        if (failure is not null)
        {
            span?.SetTag("error.type", failure.Type).SetStatus(ActivityStatusCode.Error);
        }

        return failure;
    }

    private async Task<bool> IsSupersededWithinAsync(TimeSpan wait, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var newer = sink.WaitForKeyAsync(over.Token).AsTask();
        await Task.WhenAny(newer, Task.Delay(wait, time, over.Token));
        var superseded = newer.IsCompletedSuccessfully;
        await over.CancelAsync();
        await newer.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        stopping.ThrowIfCancellationRequested();
        return superseded;
    }

    [LoggerMessage(4002, LogLevel.Warning, "The key sink {Sink} with {Peer} cannot hand over key {KeyId}: {Failure}")]
    private static partial void LogFailure(ILogger logger, string sink, SaeId peer, Guid keyId, string failure, Exception? cause);

    [LoggerMessage(4003, LogLevel.Information, "The key sink {Sink} with {Peer} has handed over key {KeyId}, fingerprint {Fingerprint}")]
    private static partial void LogSuccess(ILogger logger, string sink, SaeId peer, Guid keyId, string fingerprint);
}
