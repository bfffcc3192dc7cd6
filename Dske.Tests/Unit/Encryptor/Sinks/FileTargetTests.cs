using System.Runtime.Versioning;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Sinks;

namespace Dske.Tests.Unit.Encryptor.Sinks;

[Trait("Tier", "Unit")]
public sealed class FileTargetTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private string Psk => Path.Combine(_directory.FullName, "wg0.psk");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_key_replaces_the_one_before_and_nobody_else_can_read_it()
    {
        await File.WriteAllTextAsync(Psk, "open to all", TestContext.Current.CancellationToken);
        var target = Target(Psk);

        Assert.Null(await HandOverAsync(target, 1));
        Assert.Null(await HandOverAsync(target, 2));

        Assert.Equal(Convert.ToBase64String(SampleSinks.Bytes(2)) + "\n", await File.ReadAllTextAsync(Psk, TestContext.Current.CancellationToken));
        Assert.Equal([Psk], Directory.GetFiles(_directory.FullName));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Psk));
    }

    [Fact]
    public async Task What_a_crash_between_writing_and_renaming_left_is_gone_and_the_old_key_still_there()
    {
        await HandOverAsync(Target(Psk), 1);
        await File.WriteAllTextAsync(Psk + ".new", Convert.ToBase64String(SampleSinks.Bytes(2)), TestContext.Current.CancellationToken);

        var restarted = Target(Psk);
        restarted.Prepare();

        Assert.Equal([Psk], Directory.GetFiles(_directory.FullName));
        Assert.Equal(Convert.ToBase64String(SampleSinks.Bytes(1)) + "\n", await File.ReadAllTextAsync(Psk, TestContext.Current.CancellationToken));
        Assert.Null(await HandOverAsync(restarted, 3));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_failure_that_tells_no_key()
    {
        var target = Target(Path.Combine(_directory.FullName, "missing", "wg0.psk"));
        target.Prepare();

        var failure = await HandOverAsync(target, 1);

        Assert.Equal("file", failure!.Type);
        Assert.StartsWith("The file cannot be written (", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('/', failure.Detail);
        Assert.NotNull(failure.Cause);
        Assert.DoesNotContain(Convert.ToBase64String(SampleSinks.Bytes(1)), failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_the_place_of_the_file_or_of_its_draft_is_a_failure_and_stays()
    {
        Directory.CreateDirectory(Psk);
        Assert.Equal("file", (await HandOverAsync(Target(Psk), 1))!.Type);
        Assert.Empty(Directory.GetFiles(_directory.FullName));

        var other = Path.Combine(_directory.FullName, "wg1.psk");
        Directory.CreateDirectory(other + ".new");
        var target = Target(other);
        target.Prepare();
        Assert.Equal("file", (await HandOverAsync(target, 1))!.Type);
        Assert.True(Directory.Exists(other + ".new"));
        Assert.False(File.Exists(other));
    }

    private static FileTarget Target(string path) => new(new FileTargetSettings(path), new KeyFormat(KeyEncoding.Base64, true));

    private static async Task<SinkFailure?> HandOverAsync(FileTarget target, int number)
    {
        using var key = SampleSinks.Key(number);
        return await target.HandOverAsync(key, TestContext.Current.CancellationToken);
    }
}
