using System.Threading.Channels;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Sinks;

/// <summary>
/// Where the keys of one purpose go: takes each from the exchange that both ends proved themselves in, holds it until it is handed over, and
/// knows how things stand.
/// </summary>
/// <remarks>
/// Safe for concurrent use. One key waits at a time: a newer one takes its place, and the older is zeroed. Whoever takes a key out owns it. One
/// exchange is under way at a time; one lock guards the status.
/// </remarks>
internal sealed class KeySink : IKeyTaker, IDisposable
{
    private readonly KeyStore _known;
    private readonly TimeProvider _time;
    private readonly SinkTelemetry _telemetry;
    private readonly SemaphoreSlim _exchange = new(1);
    private readonly Lock _lock = new();
    private readonly Channel<SinkKey> _waiting = Channel.CreateBounded<SinkKey>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, superseded => superseded.Dispose());

    private SinkStatus _status = SinkStatus.None;

    /// <param name="settings">The sink as it is configured.</param>
    /// <param name="known">Where the IDs of its keys are remembered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="telemetry">What counts.</param>
    public KeySink(SinkSettings settings, KeyStore known, TimeProvider time, SinkTelemetry telemetry)
    {
        Settings = settings;
        _known = known;
        _time = time;
        _telemetry = telemetry;
    }

    /// <summary>The sink as it is configured.</summary>
    public SinkSettings Settings { get; }

    /// <summary>Its name.</summary>
    public string Name => Settings.Name;

    /// <inheritdoc />
    public string? Sink => Settings.Name;

    /// <summary>How things stand.</summary>
    public SinkStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <inheritdoc />
    public bool Accepts(int sizeBits) => sizeBits == Settings.SizeBits;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">There is not exactly one key.</exception>
    public bool TryAdd(IReadOnlyCollection<(EstablishedKey Established, SecretBytes Key)> keys)
    {
        if (keys.Count != 1)
        {
            throw new ArgumentException("A sink takes one key at a time.", nameof(keys));
        }

        var (established, key) = keys.Single();
        if (!_known.TrySpend(established.KeyId))
        {
            return false;
        }

        // Before anybody can hand it over and say so.
        Update(status => status with { Latest = established, LatestTimestamp = _time.GetTimestamp() });
        var waiting = new SinkKey(established, key.Clone());
        if (_waiting.Writer.TryWrite(waiting))
        {
            return true;
        }

        waiting.Dispose();
        return false;
    }

    /// <summary>Begins an exchange if none is under way; null otherwise. Dispose what is returned at its end.</summary>
    public IDisposable? TryBeginExchange() => _exchange.Wait(TimeSpan.Zero) ? new Turn(_exchange) : null;

    /// <summary>Begins an exchange once none is under way. Dispose what is returned at its end.</summary>
    public async Task<IDisposable> BeginExchangeAsync(CancellationToken cancellationToken)
    {
        await _exchange.WaitAsync(cancellationToken);
        return new Turn(_exchange);
    }

    /// <summary>Waits until a key waits to be handed over; false when none will come any more.</summary>
    public ValueTask<bool> WaitForKeyAsync(CancellationToken cancellationToken) => _waiting.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes out the key that waits, for the caller to own and dispose; null when there is none.</summary>
    public SinkKey? TakeKey() => _waiting.Reader.TryRead(out var key) ? key : null;

    /// <summary>Notes that a key was handed over.</summary>
    public void NoteHandedOver(EstablishedKey key)
    {
        _telemetry.CountRollOver(this, key.Role);
        Update(status => status with
        {
            HandedOver = key,
            HandedOverAt = _time.GetUtcNow(),
            HandedOverTimestamp = _time.GetTimestamp(),
            RollOvers = status.RollOvers + 1,
            LastError = null,
        });
    }

    /// <summary>Notes that a step of a roll-over failed.</summary>
    /// <param name="step">Which step.</param>
    /// <param name="failure">Why.</param>
    public void NoteFailure(SinkStep step, SinkFailure failure)
    {
        _telemetry.CountFailure(this, step, failure.Type);
        Update(status => status with { Failures = status.Failures + 1, LastError = failure.Detail });
    }

    /// <summary>Notes when this end will establish a key next.</summary>
    public void NoteNext(DateTimeOffset at) => Update(status => status with { NextAt = at });

    /// <summary>Zeroes the key that waits, and takes none any more.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        while (TakeKey() is { } key)
        {
            key.Dispose();
        }
    }

    private void Update(Func<SinkStatus, SinkStatus> change)
    {
        lock (_lock)
        {
            _status = change(_status);
        }
    }

    private sealed class Turn(SemaphoreSlim exchange) : IDisposable
    {
        private SemaphoreSlim? _exchange = exchange;

        public void Dispose() => Interlocked.Exchange(ref _exchange, null)?.Release();
    }
}
