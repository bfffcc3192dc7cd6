using System.Text.Json;
using Dske.Client.Audit;
using Dske.Protocol.Identifiers;
using Dske.Storage.Lines;
using Dske.Tests.Unit.Storage;
using Dske.Tests.Unit.Storage.Simulation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Client;

/// <summary>The audit trail by itself: what its lines say, and how refusals are kept from filling the disk.</summary>
[Trait("Tier", "Services")]
public sealed class AuditTrailTests : IDisposable
{
    private static readonly Guid Key = new("bc490419-7d60-487f-adc1-4ddcc177c139");

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 2, 2, 23, 59, 59, 987, TimeSpan.Zero));
    private readonly NodeLog _log = new();

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_line_says_when_who_with_whom_which_keys_and_what_became_of_it()
    {
        using (var trail = Open())
        {
            Assert.True(await trail.TryRecordAsync(Record("enc_keys", "ok", new AuditedKey(Key, 256))));
            _time.Advance(TimeSpan.FromSeconds(1));
            await trail.RecordRefusalAsync(Record("dec_keys", "not-found", new AuditedKey(Key, null)));
            await trail.RecordRefusalAsync(new AuditRecord("status", "unauthorized"));
        }

        Assert.Equal(
            ["""{"time":"2026-02-02T23:59:59.987Z","operation":"enc_keys","caller":"sam","others":["sofia","s\u00FCd\u0022/1"],"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","size":256}],"outcome":"ok"}"""],
            Read("2026-02-02"));
        Assert.Equal(
            [
                """{"time":"2026-02-03T00:00:00.987Z","operation":"dec_keys","caller":"sam","others":["sofia","s\u00FCd\u0022/1"],"keys":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139"}],"outcome":"not-found"}""",
                """{"time":"2026-02-03T00:00:00.987Z","operation":"status","outcome":"unauthorized"}""",
            ],
            Read("2026-02-03"));
    }

    [Fact]
    public async Task A_delivery_names_all_its_keys_and_a_refusal_the_first_few()
    {
        var keys = Enumerable.Range(0, 128).Select(i => new AuditedKey(new Guid(i, 0, 0, new byte[8]), 256)).ToArray();
        using (var trail = Open())
        {
            await trail.TryRecordAsync(Record("dec_keys", "ok", keys));
            await trail.RecordRefusalAsync(Record("dec_keys", "not-yours", keys));
        }

        var lines = Read("2026-02-02").Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal((128, false), (lines[0].GetProperty("keys").GetArrayLength(), lines[0].TryGetProperty("more_keys", out _)));
        Assert.Equal((16, 112), (lines[1].GetProperty("keys").GetArrayLength(), lines[1].GetProperty("more_keys").GetInt32()));
    }

    [Fact]
    public async Task Refusals_take_so_much_of_a_day_and_no_more_and_deliveries_go_on()
    {
        var refusal = new AuditRecord("dec_keys", new string('x', 1_000_000));
        using (var trail = Open())
        {
            for (var i = 0; i < 40; i++)
            {
                await trail.RecordRefusalAsync(refusal);
            }

            Assert.True(await trail.TryRecordAsync(Record("enc_keys", "ok", new AuditedKey(Key, 256))));
            _time.Advance(TimeSpan.FromDays(1));
            await trail.RecordRefusalAsync(refusal);
        }

        var lines = Read("2026-02-02");
        Assert.Equal(AuditTrail.MaxRefusedBytesPerDay / 1_000_000, lines.Count(line => line.Length > 1_000_000));
        Assert.Contains("\"operation\":\"refusals\"", lines[^2], StringComparison.Ordinal);
        Assert.Contains("\"operation\":\"enc_keys\"", lines[^1], StringComparison.Ordinal);
        Assert.Single(Read("2026-02-03"));
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_and_logged()
    {
        var power = new Power(new Random(1)) { FailsAt = _ => true };
        using var trail = new AuditTrail(new DailyLines(new SimulatedDisk(power, new Random(1)), flushes: false, _time), _time, Logger());

        Assert.False(await trail.TryRecordAsync(Record("enc_keys", "ok", new AuditedKey(Key, 256))));
        await trail.RecordRefusalAsync(Record("dec_keys", "not-found"));
        power.FailsAt = _ => false;
        Assert.True(await trail.TryRecordAsync(Record("enc_keys", "ok", new AuditedKey(Key, 256))));

        Assert.Single(_log.Faults, fault => fault.Contains("The audit trail cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_says_when_writing_fails_and_when_it_works_again_and_once_a_minute_at_most()
    {
        const string Fails = "The audit trail cannot be written", Works = "The audit trail is written again";
        var power = new Power(new Random(1));
        using var trail = new AuditTrail(new DailyLines(new SimulatedDisk(power, new Random(1)), flushes: false, _time), _time, Logger());
        await RecordAsync(fails: false);
        Assert.Empty(_log.Entries);

        await RecordAsync(fails: true);
        await RecordAsync(fails: true);
        Assert.Equal([Fails], Said());

        _time.Advance(TimeSpan.FromMinutes(5));
        await RecordAsync(fails: true);
        Assert.Equal([Fails], Said());

        await RecordAsync(fails: false);
        await RecordAsync(fails: true);
        await RecordAsync(fails: false);
        Assert.Equal([Fails, Works], Said());

        await RecordAsync(fails: true);
        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        await RecordAsync(fails: true);
        Assert.Equal([Fails, Works], Said());
        _time.Advance(TimeSpan.FromTicks(1));
        await RecordAsync(fails: true);
        Assert.Equal([Fails, Works, Fails], Said());

        Task RecordAsync(bool fails)
        {
            power.FailsAt = _ => fails;
            return trail.RecordRefusalAsync(Record("dec_keys", "not-found"));
        }

        IEnumerable<string> Said() => _log.Entries.Select(entry => entry.Text.StartsWith(Fails, StringComparison.Ordinal) ? Fails : entry.Text.StartsWith(Works, StringComparison.Ordinal) ? Works : entry.Text);
    }

    [Fact]
    public async Task Without_a_data_directory_the_lines_go_to_the_log()
    {
        using var trail = new AuditTrail(null, _time, Logger());

        Assert.True(await trail.TryRecordAsync(Record("enc_keys", "ok", new AuditedKey(Key, 256))));

        Assert.Contains($$"""Audit: {"time":"2026-02-02T23:59:59.987Z","operation":"enc_keys","caller":"sam",""", Assert.Single(_log.Entries).Text, StringComparison.Ordinal);
    }

    private static AuditRecord Record(string operation, string outcome, params AuditedKey[] keys)
        => new(operation, outcome) { Caller = SaeId.Parse("sam"), Others = [SaeId.Parse("sofia"), SaeId.Parse("süd\"/1")], Keys = keys };

    private AuditTrail Open() => new(DailyLines.Open(_directory.Path, flushes: false, _time), _time, Logger());

    private Logger<AuditTrail> Logger() => new(LoggerFactory.Create(logging => logging.AddProvider(_log)));

    private string[] Read(string day) => File.ReadAllLines(_directory[day + ".jsonl"]);
}
