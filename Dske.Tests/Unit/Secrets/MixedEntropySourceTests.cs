using System.Collections.Concurrent;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Secrets;

[Trait("Tier", "Unit")]
public sealed class MixedEntropySourceTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly VirtualTime _time = new();
    private readonly ConcurrentQueue<EntropyException> _alarms = new();

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(100)]
    [InlineData(1)]
    public void What_comes_out_is_the_system_XOR_the_raw_source(int piece)
    {
        var raw = RawSource.Sound(5000);
        using var source = Create(new RawSource(raw, piece), new SeededEntropySource(7));
        var system = new SeededEntropySource(7);
        var position = 0;

        foreach (var length in new[] { 1, 16, 0, 1007, 1024, 1952, 1000 })
        {
            var mixed = Fill(source, length);
            var alone = Fill(system, length);
            Assert.Equal(alone.Zip(raw.Skip(position), (a, b) => (byte)(a ^ b)), mixed);
            position += length;
        }

        Assert.Equal(raw.Length, position);
        Assert.Empty(_alarms);
    }

    [Fact]
    public void A_stuck_source_fails_for_good_and_leaves_zeros()
    {
        using var source = Create(new RawSource([.. RawSource.Sound(2048), .. new byte[1024], .. RawSource.Sound(4096)]));
        Fill(source, 2048);

        AssertFailed(source, EntropyFailure.RepetitionCount);
        AssertFailed(source, EntropyFailure.RepetitionCount);
        Assert.Throws<EntropyException>(() => source.Fill([]));
        Assert.Throws<EntropyException>(() => source.NextUuid());
        Assert.Throws<EntropyException>(() => source.NextSecret(32));
        Assert.Equal("repetition-count", Assert.Single(_alarms).Reason);
    }

    [Fact]
    public void A_biased_source_fails_by_what_it_claims()
    {
        // Every other byte is a seven: one bit of min-entropy at most.
        var biased = RawSource.Sound(4096);
        for (var i = 0; i < biased.Length; i++)
        {
            biased[i] = i % 2 == 0 ? (byte)7 : (byte)(biased[i] | 8);
        }

        using var claimsMuch = Create(new RawSource([.. RawSource.Sound(2048), .. biased]));
        Fill(claimsMuch, 2048);
        AssertFailed(claimsMuch, EntropyFailure.AdaptiveProportion);

        using var claimsLittle = Create(new RawSource(biased), minEntropy: 1);
        Fill(claimsLittle, biased.Length);
        Assert.Single(_alarms);
    }

    [Fact]
    public void Nothing_comes_out_before_the_start_up_test_is_passed()
    {
        var stuck = RawSource.Sound(4096);
        stuck.AsSpan(1018, 6).Clear();
        using var source = Create(new RawSource(stuck));
        AssertFailed(source, EntropyFailure.RepetitionCount);

        using var tooShort = Create(new RawSource(RawSource.Sound(1023)));
        AssertFailed(tooShort, EntropyFailure.EndOfSource);

        using var justEnough = Create(new RawSource(RawSource.Sound(1024)));
        Fill(justEnough, 1024);
        AssertFailed(justEnough, EntropyFailure.EndOfSource);
        Assert.Equal(3, _alarms.Count);
    }

    [Fact]
    public void A_source_is_used_to_its_last_byte_and_not_beyond()
    {
        using var whole = Create(new RawSource(RawSource.Sound(1500)));
        Fill(whole, 1500);
        Assert.Empty(_alarms);
        AssertFailed(whole, EntropyFailure.EndOfSource);

        using var tooShort = Create(new RawSource(RawSource.Sound(1500)));
        AssertFailed(tooShort, EntropyFailure.EndOfSource, length: 1501);
        AssertFailed(tooShort, EntropyFailure.EndOfSource);
        Assert.Equal(2, _alarms.Count);
    }

    [Fact]
    public void A_source_that_cannot_be_opened_or_read_fails()
    {
        using var missing = Create(() => throw new FileNotFoundException("gone"));
        AssertFailed(missing, EntropyFailure.ReadError);

        var raw = new RawSource(RawSource.Sound(2048)) { Fault = new IOException("pulled") };
        using var broken = Create(raw);
        Fill(broken, 2048);
        AssertFailed(broken, EntropyFailure.ReadError);
        Assert.Equal(["gone", "pulled"], _alarms.Select(alarm => alarm.InnerException!.Message));
    }

    [Fact]
    public async Task A_source_that_delivers_nothing_in_time_fails_and_what_comes_late_is_not_used()
    {
        var raw = new RawSource(RawSource.Sound(4096));
        using var source = Create(raw);
        Fill(source, 1024);
        raw.Shut();
        var waiting = Task.Run(() => Fill(source, 16), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => raw.IsWaitedFor, "the device is read");

        _time.Advance(Timeout - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        Assert.Empty(_alarms);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(EntropyFailure.TimedOut, (await Assert.ThrowsAsync<EntropyException>(() => waiting)).Failure);
        raw.Open();
        await Eventually.TrueAsync(() => raw.IsDisposed, "the device is closed");
        AssertFailed(source, EntropyFailure.TimedOut);
        Assert.Single(_alarms);
    }

    [Fact]
    public async Task A_source_that_is_silent_from_the_start_is_noticed_before_anybody_asks()
    {
        var raw = new RawSource(RawSource.Sound(1024)).Shut();
        using var source = Create(raw);
        await Eventually.TrueAsync(() => raw.IsWaitedFor, "the device is read");

        _time.Advance(Timeout);

        Assert.Equal(EntropyFailure.TimedOut, Assert.Single(_alarms).Failure);
        AssertFailed(source, EntropyFailure.TimedOut);
        raw.Open();
    }

    [Fact]
    public async Task A_source_that_nobody_asks_is_not_late()
    {
        using var source = Create(new RawSource(RawSource.Sound(4096)));
        Fill(source, 1024);
        await Eventually.TrueAsync(() => _time.TimerCount == 0, "no time-out runs");

        _time.Advance(TimeSpan.FromDays(1));

        Fill(source, 3072);
        Assert.Empty(_alarms);
    }

    [Fact]
    public async Task No_raw_byte_is_used_twice_by_callers_at_once()
    {
        const int Callers = 8;
        const int Draws = 512;
        var raw = RawSource.Sound(Callers * Draws * 16);
        using var source = Create(new RawSource(raw, piece: 777), new Nothing());
        var drawn = new ConcurrentBag<string>();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Draws; i++)
            {
                drawn.Add(Convert.ToHexString(Fill(source, 16)));
            }
        })));

        Assert.Equal(raw.Chunk(16).Select(Convert.ToHexString).Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
        AssertFailed(source, EntropyFailure.EndOfSource);
    }

    [Fact]
    public void Raw_bytes_are_erased_as_they_are_used()
    {
        var bytes = RawSource.Sound(1024);
        var raw = new RawSource(bytes);
        using var source = Create(raw);

        Fill(source, 500);
        Assert.Equal([.. new byte[500], .. bytes[500..]], raw.ReadMemory(1024));
        Fill(source, 524);
        Assert.Equal(new byte[1024], raw.ReadMemory(1024));
    }

    [Fact]
    public async Task Callers_at_once_all_learn_of_a_failure_and_the_alarm_is_given_once()
    {
        var raw = new RawSource(RawSource.Sound(1024)).Shut();
        using var source = Create(raw);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Fill(source, 1025), TestContext.Current.CancellationToken)).ToList();

        raw.Open();

        foreach (var caller in callers)
        {
            Assert.Equal(EntropyFailure.EndOfSource, (await Assert.ThrowsAsync<EntropyException>(() => caller)).Failure);
        }

        Assert.Single(_alarms);
    }

    [Fact]
    public async Task Disposal_ends_the_waiting_without_an_alarm()
    {
        var raw = new RawSource(RawSource.Sound(1024)).Shut();
        var source = Create(raw);
        var waiting = Task.Run(() => Fill(source, 16), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => raw.IsWaitedFor, "the device is read");

        source.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        raw.Open();
        await Eventually.TrueAsync(() => raw.IsDisposed, "the device is closed");
        Assert.Throws<ObjectDisposedException>(() => source.Fill(new byte[1]));
        Assert.Empty(_alarms);
        Assert.Equal(0, _time.TimerCount);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0.09, 5)]
    [InlineData(8.01, 5)]
    [InlineData(-1, 5)]
    [InlineData(double.NaN, 5)]
    [InlineData(4, 0)]
    [InlineData(4, -1)]
    public void A_claim_or_a_time_out_that_cannot_be_is_refused(double minEntropy, int timeout)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new MixedEntropySource(
            () => Stream.Null, SystemEntropySource.Instance, minEntropy, TimeSpan.FromSeconds(timeout), _time, _alarms.Enqueue));

    private static byte[] Fill(IEntropySource source, int length)
    {
        var bytes = new byte[length];
        source.Fill(bytes);
        return bytes;
    }

    private static void AssertFailed(MixedEntropySource source, EntropyFailure failure, int length = 48)
    {
        var bytes = Enumerable.Repeat((byte)0xAA, length).ToArray();
        Assert.Equal(failure, Assert.Throws<EntropyException>(() => source.Fill(bytes)).Failure);
        Assert.Equal(new byte[length], bytes);
    }

    private MixedEntropySource Create(Stream raw, IEntropySource? system = null, double minEntropy = 4) => Create(() => raw, system, minEntropy);

    private MixedEntropySource Create(Func<Stream> open, IEntropySource? system = null, double minEntropy = 4)
        => new(open, system ?? SystemEntropySource.Instance, minEntropy, Timeout, _time, _alarms.Enqueue);

    /// <summary>Gives zeros, so that the raw source shows.</summary>
    private sealed class Nothing : IEntropySource
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
