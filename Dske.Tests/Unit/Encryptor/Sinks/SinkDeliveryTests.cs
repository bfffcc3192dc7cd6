using System.Diagnostics.Metrics;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dske.Tests.Unit.Encryptor.Sinks;

/// <summary>How long a key is in memory: until it is delivered, superseded, or the node stops.</summary>
[Trait("Tier", "Unit")]
public sealed class SinkDeliveryTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stopping = new();
    private readonly VirtualTime _time = new();
    private readonly KeyStore _known = new();
    private readonly Target _target = new();
    private readonly KeySink _sink;
    private Task _running = Task.CompletedTask;

    public SinkDeliveryTests() => _sink = new KeySink(
        SampleSinks.Settings(new FileTargetSettings("/run/x")), _known, _time, new SinkTelemetry(_services.GetRequiredService<IMeterFactory>(), _time));

    public ValueTask InitializeAsync()
    {
        _running = new SinkDelivery(_sink, _target, _time, NullLogger.Instance).RunAsync(_stopping.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _sink.Dispose();
        _known.Dispose();
        _services.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_key_is_zeroed_once_it_is_delivered()
    {
        Add(1);

        await UntilAsync(() => _sink.Status.RollOvers == 1 && _target.IsZeroed(0));

        Assert.True(_target.IsPrepared);
        Assert.Equal(SampleSinks.Bytes(1), _target.Seen[0].Bytes);
    }

    [Fact]
    public async Task A_key_stays_while_it_is_tried_again_and_is_zeroed_when_a_newer_one_comes()
    {
        _target.Answer = _ => Task.FromResult<SinkFailure?>(new SinkFailure("exit", "No."));
        Add(1);
        await UntilAsync(() => _sink.Status.Failures == 1);
        await _time.UntilTimersRunAsync(SinkDelivery.FirstWait);
        _time.Advance(SinkDelivery.FirstWait);
        await UntilAsync(() => _sink.Status.Failures == 2);
        Assert.Equal(_target.Seen[0].Bytes, _target.Seen[1].Bytes);
        Assert.False(_target.IsZeroed(1));

        await _time.UntilTimersRunAsync(2 * SinkDelivery.FirstWait);
        _target.Answer = _ => Task.FromResult<SinkFailure?>(null);
        Add(2);

        await UntilAsync(() => _sink.Status.RollOvers == 1);
        Assert.True(_target.IsZeroed(0));
        Assert.Equal(SampleSinks.Bytes(2), _target.Seen[2].Bytes);
        Assert.Equal(2, _sink.Status.Failures);
        Assert.Equal(0, _time.CountTimers(2 * SinkDelivery.FirstWait));
    }

    [Fact]
    public async Task A_key_that_comes_while_another_is_handed_over_waits_for_its_turn()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _target.Answer = async _ =>
        {
            await go.Task;
            return null;
        };
        Add(1);
        await UntilAsync(() => _target.Seen.Count == 1);
        Add(2);
        Add(3);

        go.SetResult();

        await UntilAsync(() => _sink.Status.RollOvers == 2);
        Assert.Equal([1, 3], _target.Seen.Select(seen => (int)seen.Bytes[0]));
    }

    [Fact]
    public async Task A_key_is_zeroed_when_the_node_stops_in_the_middle()
    {
        _target.Answer = async stopping =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping);
            return null;
        };
        Add(1);
        await UntilAsync(() => _target.Seen.Count == 1);
        Assert.False(_target.IsZeroed(0));

        await _stopping.CancelAsync();

        await UntilAsync(() => _target.IsZeroed(0));
        Assert.Equal(0, _sink.Status.RollOvers);
    }

    [Fact]
    public async Task A_fault_is_a_failure_like_others()
    {
        _target.Answer = _ => throw new InvalidOperationException("Broken.");
        Add(1);
        await UntilAsync(() => _sink.Status.Failures == 1);
        Assert.Equal("The hand-over failed (InvalidOperationException); the log says more.", _sink.Status.LastError);

        _target.Answer = _ => Task.FromResult<SinkFailure?>(null);
        await _time.UntilTimersRunAsync(SinkDelivery.FirstWait);
        _time.Advance(SinkDelivery.FirstWait);

        await UntilAsync(() => _sink.Status.RollOvers == 1);
    }

    private static Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(condition, "what the test waits for");

    private void Add(int number)
    {
        using var key = SecretBytes.CopyOf(SampleSinks.Bytes(number));
        Assert.True(_sink.TryAdd([(SampleSinks.Describe(number), key)]));
    }

    // Keeps hold of the keys that it saw, to find out whether they still hold something.
    private sealed class Target : ISinkTarget
    {
        private readonly List<(SinkKey Key, byte[] Bytes)> _seen = [];

        public bool IsPrepared { get; private set; }

        public Func<CancellationToken, Task<SinkFailure?>> Answer { get; set; } = _ => Task.FromResult<SinkFailure?>(null);

        public IReadOnlyList<(SinkKey Key, byte[] Bytes)> Seen
        {
            get
            {
                lock (_seen)
                {
                    return [.. _seen];
                }
            }
        }

        public void Prepare() => IsPrepared = true;

        public Task<SinkFailure?> HandOverAsync(SinkKey key, CancellationToken cancellationToken)
        {
            lock (_seen)
            {
                _seen.Add((key, key.Key.Span.ToArray()));
            }

            return Answer(cancellationToken);
        }

        public bool IsZeroed(int index)
        {
            try
            {
                return Seen[index].Key.Key.Span.Length < 0;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }
}
