using System.Text;
using Dske.Storage;
using Dske.Storage.Lines;
using Dske.Tests.Unit.Storage.Simulation;

namespace Dske.Tests.Unit.Storage;

/// <summary>Lines that are appended for good: in which file, whole, and durable where that is wanted.</summary>
[Trait("Tier", "Unit")]
public sealed class DailyLinesTests : IDisposable
{
    private static readonly DateOnly Monday = new(2026, 2, 2);

    private readonly TemporaryDirectory _directory = new();
    private readonly Power _power = new(new Random(1));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_day_has_a_file_and_each_line_is_written_when_the_task_ends()
    {
        using var lines = DailyLines.Open(_directory.Path, flushes: false, TimeProvider.System);

        await AppendAsync(lines, Monday, "a");
        Assert.Equal("a\n", Read("2026-02-02.jsonl"));
        await AppendAsync(lines, Monday.AddDays(1), "b");
        await AppendAsync(lines, Monday, "c");

        Assert.Equal("a\nc\n", Read("2026-02-02.jsonl"));
        Assert.Equal("b\n", Read("2026-02-03.jsonl"));
    }

    [Fact]
    public async Task A_day_goes_on_after_a_restart()
    {
        for (var i = 0; i < 3; i++)
        {
            using var lines = DailyLines.Open(_directory.Path, flushes: i == 1, TimeProvider.System);
            await AppendAsync(lines, Monday, $"{i}");
        }

        Assert.Equal("0\n1\n2\n", Read("2026-02-02.jsonl"));
    }

    [Fact]
    public async Task What_was_cut_off_stays_a_line_of_its_own()
    {
        Directory.CreateDirectory(_directory.Path);
        await File.WriteAllTextAsync(_directory["2026-02-02.jsonl"], "whole\ncut o", TestContext.Current.CancellationToken);
        using var lines = DailyLines.Open(_directory.Path, flushes: false, TimeProvider.System);

        await AppendAsync(lines, Monday, "next");
        await AppendAsync(lines, Monday, "last");

        Assert.Equal("whole\ncut o\nnext\nlast\n", Read("2026-02-02.jsonl"));
    }

    [Fact]
    public async Task Lines_of_many_callers_are_all_there_and_whole()
    {
        using var lines = DailyLines.Open(_directory.Path, flushes: true, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => AppendAsync(lines, Monday.AddDays(i % 2), $"line {i}"))));

        var all = Read("2026-02-02.jsonl").Split('\n').Concat(Read("2026-02-03.jsonl").Split('\n')).Where(line => line.Length > 0);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"line {i}").Order(), all.Order());
    }

    [Fact]
    public async Task Nobody_else_may_read_the_files()
    {
        using var lines = DailyLines.Open(_directory.Path, flushes: false, TimeProvider.System);
        await AppendAsync(lines, Monday, "a");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.Path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory["2026-02-02.jsonl"]));
        }
    }

    [Fact]
    public async Task A_line_that_is_flushed_survives_a_loss_of_power()
    {
        var disk = new SimulatedDisk(_power, new Random(1));
        using (var lines = new DailyLines(disk, flushes: true, TimeProvider.System))
        {
            await AppendAsync(lines, Monday, "a");
            await AppendAsync(lines, Monday, "b");
        }

        disk.LosePower();

        Assert.Equal("a\nb\n", Encoding.UTF8.GetString(disk.Durable("2026-02-02.jsonl")!));
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_and_the_next_line_begins_anew()
    {
        // The steps of a line: its file, the name of that, its bytes, the flush.
        for (var step = 0; step < 4; step++)
        {
            var (disk, failing) = (new SimulatedDisk(_power, new Random(1)), _power.Steps + step);
            using var lines = new DailyLines(disk, flushes: true, TimeProvider.System);
            _power.FailsAt = now => now == failing;

            await Assert.ThrowsAsync<StorageException>(() => AppendAsync(lines, Monday, "a"));
            await AppendAsync(lines, Monday, "b");

            Assert.Equal(step == 3 ? "a\nb\n" : "b\n", Encoding.UTF8.GetString(disk.Durable("2026-02-02.jsonl")!));
        }
    }

    private static Task AppendAsync(DailyLines lines, DateOnly day, string line) => lines.AppendAsync(day, Encoding.UTF8.GetBytes(line));

    private string Read(string name)
    {
        using var file = new FileStream(_directory[name], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
