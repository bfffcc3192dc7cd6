using System.Diagnostics.Metrics;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Unit.Encryptor.Sinks;

[Trait("Tier", "Unit")]
public sealed class KeySinkTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly KeyStore _known = new();
    private readonly KeySink _sink;

    public KeySinkTests() => _sink = new KeySink(
        SampleSinks.Settings(new FileTargetSettings("/run/x")), _known, TimeProvider.System, new SinkTelemetry(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System));

    public void Dispose()
    {
        _sink.Dispose();
        _known.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_key_waits_until_it_is_taken_once()
    {
        Assert.Null(_sink.TakeKey());
        Assert.True(Add(1));

        Assert.True(await _sink.WaitForKeyAsync(TestContext.Current.CancellationToken));
        using var key = _sink.TakeKey();
        Assert.Equal(SampleSinks.Bytes(1), key!.Key.Span.ToArray());
        Assert.Equal(SampleSinks.Id(1), key.Established.KeyId);
        Assert.Null(_sink.TakeKey());
    }

    [Fact]
    public void A_newer_key_takes_the_place_of_one_that_waits()
    {
        Assert.True(Add(1));
        Assert.True(Add(2));

        using var key = _sink.TakeKey();
        Assert.Equal(SampleSinks.Id(2), key!.Established.KeyId);
        Assert.Null(_sink.TakeKey());
        Assert.Equal(SampleSinks.Id(2), _sink.Status.Latest!.KeyId);
    }

    [Fact]
    public void A_key_comes_once_and_is_not_among_those_that_are_kept()
    {
        Assert.True(Add(1));
        Assert.False(Add(1));

        Assert.False(_known.TryReserve([SampleSinks.Id(1)]));
        Assert.Empty(_known.List());
    }

    [Fact]
    public async Task A_closed_sink_holds_nothing_and_takes_nothing()
    {
        Add(1);

        _sink.Dispose();

        Assert.Null(_sink.TakeKey());
        Assert.False(Add(2));
        Assert.False(await _sink.WaitForKeyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_exchange_is_under_way_at_a_time()
    {
        var first = _sink.TryBeginExchange()!;
        Assert.Null(_sink.TryBeginExchange());
        var waiting = _sink.BeginExchangeAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        first.Dispose();
        first.Dispose();

        using (await waiting)
        {
            Assert.Null(_sink.TryBeginExchange());
        }

        using var last = _sink.TryBeginExchange();
        Assert.NotNull(last);
    }

    [Fact]
    public void A_failure_is_told_until_a_key_was_handed_over()
    {
        _sink.NoteFailure(SinkStep.Establish, new SinkFailure("KmeTimedOut", "No key."));
        _sink.NoteFailure(SinkStep.HandOver, new SinkFailure("exit", "No use."));
        Assert.Equal((2, "No use.", 0), (_sink.Status.Failures, _sink.Status.LastError, _sink.Status.RollOvers));

        _sink.NoteHandedOver(SampleSinks.Describe(1));

        Assert.Equal((2, null, 1), (_sink.Status.Failures, _sink.Status.LastError, _sink.Status.RollOvers));
        Assert.Equal(SampleSinks.Id(1), _sink.Status.HandedOver!.KeyId);
    }

    [Fact]
    public void Only_keys_of_its_size_are_of_use_and_one_at_a_time()
    {
        Assert.True(_sink.Accepts(256));
        Assert.False(_sink.Accepts(128));
        Assert.Throws<ArgumentException>(() => _sink.TryAdd([]));
    }

    [Fact]
    public void Waits_double_up_to_a_minute_and_start_over()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(2));

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(2, backoff.Next().TotalSeconds);
    }

    private bool Add(int number)
    {
        using var key = SecretBytes.CopyOf(SampleSinks.Bytes(number));
        return _sink.TryAdd([(SampleSinks.Describe(number), key)]);
    }
}
