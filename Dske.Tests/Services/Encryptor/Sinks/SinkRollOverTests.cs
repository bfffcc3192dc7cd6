using System.Net;
using System.Runtime.Versioning;

namespace Dske.Tests.Services.Encryptor.Sinks;

/// <summary>Keys that two encryptors establish for their sinks and hand over, and what happens when something is away.</summary>
[Trait("Tier", "Services")]
public sealed class SinkRollOverTests
{
    private const int Minute = 60;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_fresh_key_goes_to_both_ends_at_once_and_each_interval()
    {
        await using var pair = await SinkPair.StartAsync(p => SinkPair.FileSink(p, "sam", interval: Minute), p => SinkPair.FileSink(p, "sofia"));

        for (var i = 1; i <= 3; i++)
        {
            var (sam, sofia) = await pair.UntilRollOversAsync(i);

            Assert.Equal(pair.Read("sam"), pair.Read("sofia"));
            Assert.Equal(Convert.ToBase64String(pair.Kme.Keys.Last()) + "\n", pair.Read("sam"));
            Assert.Equal(i, pair.Kme.Keys.Count);
            Assert.Equal(SinkPair.KeyId(sam), SinkPair.KeyId(sofia));
            Assert.Equal(sam.GetProperty("fingerprint").GetString(), sofia.GetProperty("fingerprint").GetString());
            Assert.Equal((i, i, 0, 0), (SinkPair.RollOvers(sam), SinkPair.RollOvers(sofia), SinkPair.Failures(sam), SinkPair.Failures(sofia)));
            Assert.Equal(("wg0", "sofia", "file", 256, 60.0), (
                sam.GetProperty("name").GetString(), sam.GetProperty("peer").GetString(), sam.GetProperty("kind").GetString(), sam.GetProperty("size").GetInt32(), sam.GetProperty("interval_s").GetDouble()));
            Assert.Equal(pair.Time.GetUtcNow(), sam.GetProperty("rolled_over_at").GetDateTimeOffset());
            Assert.All(["next_at", "interval_s", "last_error", "waiting_key_ID"], name => Assert.Null(sofia.GetProperty(name).GetRawText() is "null" ? null : name));
            await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(Minute));
            Assert.Equal(pair.Time.GetUtcNow().AddSeconds(Minute), (await SinkPair.StatusAsync(pair.Sam, "sam")).GetProperty("next_at").GetDateTimeOffset());
            pair.Time.Advance(TimeSpan.FromSeconds(Minute));
        }

        Assert.All(["sam", "sofia"], name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(pair.In(name))));
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sam, "sam"));
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sofia, "sofia"));
    }

    [Fact]
    public async Task A_KME_that_is_away_leaves_the_old_key_in_place()
    {
        await using var pair = await SinkPair.StartAsync(p => SinkPair.FileSink(p, "sam", interval: Minute), p => SinkPair.FileSink(p, "sofia"));
        await pair.UntilRollOversAsync(1);
        var old = pair.Read("sam");
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(Minute));
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, "{}");

        pair.Time.Advance(TimeSpan.FromSeconds(Minute));
        foreach (var (failures, wait) in new[] { (1, 1), (2, 2), (3, 4), (4, 8) })
        {
            var (sam, _) = await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == failures);
            Assert.Equal("No key could be established: KmeUnavailable.", sam.GetProperty("last_error").GetString());
            await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(wait));
            pair.Time.Advance(TimeSpan.FromSeconds(wait));
        }

        var before = await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == 5);
        Assert.Equal((1, 1), (SinkPair.RollOvers(before.Sam), SinkPair.RollOvers(before.Sofia)));
        Assert.Equal((old, old), (pair.Read("sam"), pair.Read("sofia")));

        pair.Kme.Interceptor = null;
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(16));
        pair.Time.Advance(TimeSpan.FromSeconds(16));
        var after = await pair.UntilRollOversAsync(2);
        Assert.Equal("null", after.Sam.GetProperty("last_error").GetRawText());
        Assert.Equal(pair.Read("sam"), pair.Read("sofia"));
        Assert.NotEqual(old, pair.Read("sam"));
    }

    [Fact]
    public async Task A_peer_that_does_not_have_the_sink_refuses_before_its_KME_is_asked()
    {
        await using var pair = await SinkPair.StartAsync(p => SinkPair.FileSink(p, "sam", "wg0", Minute), p => SinkPair.FileSink(p, "sofia", "wg1"));

        var (sam, sofia) = await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == 1);

        Assert.Equal(
            "No key could be established: PeerRefused. It says: 'wg0' is no key sink of this encryptor with 'sam': sinks are configured under Dske:Encryptor:Sinks. Nothing was changed.",
            sam.GetProperty("last_error").GetString());
        Assert.Equal((0, 0, ""), (pair.Kme.DecRequests, SinkPair.Failures(sofia), pair.Read("sam")));
    }

    [Fact]
    public async Task A_key_of_a_size_that_the_other_end_has_no_use_for_goes_nowhere()
    {
        await using var pair = await SinkPair.StartAsync(
            p => [.. SinkPair.FileSink(p, "sam", interval: Minute), ("Sinks:0:Size", "128")], p => SinkPair.FileSink(p, "sofia"));

        var (sam, _) = await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == 1);

        Assert.EndsWith("The key has not the size that its sink takes. It was discarded.", sam.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        Assert.Equal(("", ""), (pair.Read("sam"), pair.Read("sofia")));
    }

    [Fact]
    public async Task Where_both_ends_drive_one_lets_the_other_go_ahead()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.FileSink(p, "sam", interval: Minute), p => SinkPair.FileSink(p, "sofia", interval: Minute));

        // Which of the two comes first at the start is left to chance, or neither does and both try again.
        while (!await HaveRolledOverAsync(pair, 1))
        {
            await pair.AdvanceToNextAsync();
        }

        for (var round = 1; round <= 8; round++)
        {
            var (before, _) = await pair.UntilAsync((sam, sofia) => SinkPair.KeyId(sam) == SinkPair.KeyId(sofia));
            var drawn = pair.Kme.EncRequests;
            await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(Minute));

            pair.Time.Advance(TimeSpan.FromSeconds(Minute));

            await pair.UntilAsync((sam, sofia) => SinkPair.KeyId(sam) != SinkPair.KeyId(before) && SinkPair.KeyId(sam) == SinkPair.KeyId(sofia));
            Assert.Equal(drawn + 1, pair.Kme.EncRequests);
            Assert.Equal(pair.Read("sam"), pair.Read("sofia"));
        }
    }

    [Fact]
    public async Task Where_both_ends_drive_one_steps_in_when_the_other_gets_no_keys()
    {
        var refused = "sofia";
        await using var pair = await SinkPair.StartAsync(
            p =>
            {
                p.Kme.Interceptor = context =>
                {
                    var isRefused = context.Request.Path.Value!.EndsWith("enc_keys", StringComparison.Ordinal)
                        && context.Request.Headers.Authorization == Volatile.Read(ref refused);
                    context.Response.StatusCode = isRefused ? 503 : 200;
                    return Task.FromResult(isRefused);
                };
                return SinkPair.FileSink(p, "sam", interval: Minute);
            },
            p => SinkPair.FileSink(p, "sofia", interval: Minute));

        // Both have tried. Sofia, who got no key, may have been about it when sam's offer came.
        var (tried, _) = await pair.UntilAsync((sam, sofia) => SinkPair.Failures(sofia) == 1 && SinkPair.Failures(sam) + SinkPair.RollOvers(sam) == 1);
        if (SinkPair.Failures(tried) == 1)
        {
            await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(1));
            pair.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var (first, _) = await pair.UntilRollOversAsync(1);
        Volatile.Write(ref refused, "sam");
        while (!await HaveRolledOverAsync(pair, 2))
        {
            await pair.AdvanceToNextAsync();
        }

        var (sam, sofia) = await pair.UntilRollOversAsync(2);
        Assert.Equal(SinkPair.KeyId(sam), SinkPair.KeyId(sofia));
        Assert.Equal(pair.Read("sam"), pair.Read("sofia"));
        var wait = sam.GetProperty("rolled_over_at").GetDateTimeOffset() - first.GetProperty("rolled_over_at").GetDateTimeOffset();
        Assert.InRange(wait, TimeSpan.FromSeconds(Minute * 1.25), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Where_both_ends_begin_at_once_neither_takes_the_others_key_and_they_agree_soon()
    {
        var kme = new Gate();
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.FileSink(p, "sam", interval: Minute),
            p =>
            {
                // Nobody offers before both have their keys, and know where the other is. Sofia starts first.
                p.Kme.Interceptor = async context =>
                {
                    if (context.Request.Path.Value!.EndsWith("enc_keys", StringComparison.Ordinal))
                    {
                        await kme.ArriveAsync();
                    }

                    return false;
                };
                return SinkPair.FileSink(p, "sofia", interval: Minute);
            });
        await kme.BothAsync();
        kme.Open();

        // The offer that comes first finds the other end about its own. The second one may find the same, or that the first has been refused.
        var met = await pair.UntilAsync((sam, sofia) => SinkPair.Failures(sam) + SinkPair.RollOvers(sam) > 0 && SinkPair.Failures(sofia) + SinkPair.RollOvers(sofia) > 0);
        Assert.InRange(SinkPair.Failures(met.Sam) + SinkPair.Failures(met.Sofia), 1, 2);
        if (SinkPair.Failures(met.Sam) + SinkPair.Failures(met.Sofia) == 2)
        {
            await pair.AdvanceToNextAsync();
        }

        var (sam, sofia) = await pair.UntilRollOversAsync(1);
        Assert.Equal(SinkPair.KeyId(sam), SinkPair.KeyId(sofia));
        Assert.Equal(pair.Read("sam"), pair.Read("sofia"));
        Assert.Equal((1, 1), (SinkPair.RollOvers(sam), SinkPair.RollOvers(sofia)));
    }

    private static async Task<bool> HaveRolledOverAsync(SinkPair pair, int count)
    {
        var (sam, sofia) = (await SinkPair.StatusAsync(pair.Sam, "sam"), await SinkPair.StatusAsync(pair.Sofia, "sofia"));
        return SinkPair.RollOvers(sam) >= count && SinkPair.RollOvers(sofia) >= count && SinkPair.KeyId(sam) == SinkPair.KeyId(sofia);
    }

    // Holds whoever comes until two have come and the test lets them go.
    private sealed class Gate
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task BothAsync() => _both.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void Open() => _open.SetResult();

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == 2)
            {
                _both.SetResult();
            }

            return _open.Task;
        }
    }
}
