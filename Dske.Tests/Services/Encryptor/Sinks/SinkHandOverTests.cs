using System.Diagnostics.Metrics;
using System.Globalization;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Encryptor.Sinks;

/// <summary>Hand-overs that fail at one end, and what is told about them.</summary>
[Trait("Tier", "Services")]
public sealed class SinkHandOverTests
{
    private const int Minute = 60;
    private const string WhenItMay = "cat > \"$DSKE_PEER.read\"; test -f ready || exit 3; mv \"$DSKE_PEER.read\" \"$DSKE_PEER.key\"";

    public SinkHandOverTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");

    [Fact]
    public async Task A_hand_over_that_fails_at_one_end_is_tried_again_with_the_same_key()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.FileSink(p, "sam", interval: Minute), p => SinkPair.CommandSink(p, "sofia", WhenItMay));
        using var measured = new MeasurementCollector(pair.Sofia.Services.GetRequiredService<IMeterFactory>());
        Assert.Null(measured.Observe("dske.encryptor.sink.key_age"));

        foreach (var (failures, wait) in new[] { (1, 1), (2, 2), (3, 4) })
        {
            var (sam, sofia) = await pair.UntilAsync((sam, sofia) => SinkPair.Failures(sofia) == failures && SinkPair.RollOvers(sam) == 1);
            Assert.Equal("The program ended with exit code 3.", sofia.GetProperty("last_error").GetString());
            Assert.Equal("null", sofia.GetProperty("key_ID").GetRawText());
            Assert.Equal(SinkPair.KeyId(sam), sofia.GetProperty("waiting_key_ID").GetString());
            await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(wait));
            await File.WriteAllTextAsync(pair.In(failures == 3 ? "ready" : "nothing"), "", TestContext.Current.CancellationToken);
            pair.Time.Advance(TimeSpan.FromSeconds(wait));
        }

        var (_, after) = await pair.UntilRollOversAsync(1);
        Assert.Equal(pair.Read("sam"), pair.Read("sam.key"));
        Assert.Equal((3, "null", "null"), (SinkPair.Failures(after), after.GetProperty("last_error").GetRawText(), after.GetProperty("waiting_key_ID").GetRawText()));
        Assert.Equal(1, pair.Kme.EncRequests);
        Assert.Equal(3, measured.SumOf("dske.encryptor.sink.failures", "dske.sink=wg0", "dske.peer=sam", "dske.step=hand-over", "error.type=exit"));
        Assert.Equal(1, measured.SumOf("dske.encryptor.sink.rollovers", "dske.sink=wg0", "dske.peer=sam", "dske.role=responder"));
        Assert.Equal(0, measured.Observe("dske.encryptor.sink.key_age", "dske.sink=wg0", "dske.peer=sam"));
        pair.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(9, measured.Observe("dske.encryptor.sink.key_age", "dske.sink=wg0", "dske.peer=sam"));
    }

    [Fact]
    public async Task The_next_roll_over_ends_the_attempts_with_the_key_before()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.CommandSink(p, "sam", WhenItMay, interval: 5), p => SinkPair.FileSink(p, "sofia"));

        await pair.UntilAsync((sam, sofia) => SinkPair.Failures(sam) == 1 && SinkPair.RollOvers(sofia) == 1);
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(1));
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(5));
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == 2);
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(2));
        pair.Time.Advance(TimeSpan.FromSeconds(2));
        await pair.UntilAsync((sam, _) => SinkPair.Failures(sam) == 3);
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(4));
        await File.WriteAllTextAsync(pair.In("ready"), "", TestContext.Current.CancellationToken);

        // Five seconds after the first key: before the next attempt is due.
        pair.Time.Advance(TimeSpan.FromSeconds(2));
        var (sam, sofia) = await pair.UntilAsync((sam, sofia) => SinkPair.RollOvers(sam) == 1 && SinkPair.RollOvers(sofia) == 2);

        Assert.Equal(SinkPair.KeyId(sofia), SinkPair.KeyId(sam));
        Assert.Equal(pair.Read("sofia"), pair.Read("sofia.key"));
        Assert.Equal(3, SinkPair.Failures(sam));
    }

    [Fact]
    public async Task A_program_that_hangs_is_killed_and_run_again()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.FileSink(p, "sam", interval: 60 * Minute),
            p => [.. SinkPair.CommandSink(p, "sofia", "test -f ready && exec cat > \"$DSKE_PEER.key\"; echo $$ > pid; sleep 600; exit 1"), ("Sinks:0:Timeout", "00:00:07")]);
        await Eventually.TrueAsync(() => pair.Read("pid").EndsWith('\n'), "the program runs");

        pair.Time.Advance(TimeSpan.FromSeconds(7));
        var (_, sofia) = await pair.UntilAsync((_, sofia) => SinkPair.Failures(sofia) == 1);
        Assert.Equal("The program did not end within 7 s and was killed.", sofia.GetProperty("last_error").GetString());

        await File.WriteAllTextAsync(pair.In("ready"), "", TestContext.Current.CancellationToken);
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(1));
        pair.Time.Advance(TimeSpan.FromSeconds(1));
        await pair.UntilRollOversAsync(1);
        Assert.Equal(pair.Read("sam"), pair.Read("sam.key"));
    }

    [Fact]
    public async Task A_node_that_stops_ends_the_program_and_leaves_no_key()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.FileSink(p, "sam", interval: Minute), p => SinkPair.CommandSink(p, "sofia", "echo $$ > pid; sleep 600; cat > late"));
        await Eventually.TrueAsync(() => pair.Read("pid").EndsWith('\n'), "the program runs");
        var process = int.Parse(pair.Read("pid"), CultureInfo.InvariantCulture);

        await pair.Sofia.DisposeAsync();

        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{process}"), "the program is gone");
        Assert.Equal("", pair.Read("late"));
    }

    [Fact]
    public async Task What_is_told_about_a_sink_has_no_key_even_if_the_program_prints_it()
    {
        await using var pair = await SinkPair.StartAsync(
            p => SinkPair.CommandSink(p, "sam", "tee /dev/stderr; exit 1", interval: Minute), p => SinkPair.FileSink(p, "sofia"));

        var (sam, sofia) = await pair.UntilAsync((sam, sofia) => SinkPair.Failures(sam) == 1 && SinkPair.RollOvers(sofia) == 1);

        var key = Assert.Single(pair.Kme.Keys);
        string[] told = [.. pair.Sam.Log, .. pair.Sofia.Log, sam.ToString(), sofia.ToString()];
        Assert.Contains(told, line => line.Contains("The program ended with exit code 1.", StringComparison.Ordinal));
        foreach (var text in new[] { Convert.ToBase64String(key), Convert.ToHexString(key), Convert.ToHexStringLower(key) })
        {
            Assert.DoesNotContain(told, line => line.Contains(text, StringComparison.Ordinal));
        }

        // Nor what is run or written: that is the configuration's business.
        Assert.DoesNotContain("/bin/sh", sam.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(pair.In("sofia"), sofia.ToString(), StringComparison.Ordinal);
    }
}
