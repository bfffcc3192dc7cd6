using System.Globalization;
using System.Text;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Sinks;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Encryptor.Sinks;

/// <summary>Real programs, shell scripts of the test's own, that do with the key what they should and what they should not.</summary>
[Trait("Tier", "Unit")]
public sealed class CommandTargetTests : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly VirtualTime _time = new();

    public CommandTargetTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(nameof(KeyEncoding.Base64), 32)]
    [InlineData(nameof(KeyEncoding.Hex), 32)]
    [InlineData(nameof(KeyEncoding.Hex), 8192)]
    [InlineData(nameof(KeyEncoding.Raw), 8192)]
    public async Task The_key_is_all_that_the_program_reads(string encoding, int length)
    {
        var format = Enum.Parse<KeyEncoding>(encoding);

        Assert.Null(await RunAsync("cat > read; echo $? > end", format, length));

        byte[] key = SampleSinks.Bytes(7, length);
        byte[] expected = format switch
        {
            KeyEncoding.Base64 => Encoding.ASCII.GetBytes(Convert.ToBase64String(key)),
            KeyEncoding.Hex => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)),
            _ => key,
        };
        var read = await File.ReadAllBytesAsync(In("read"), TestContext.Current.CancellationToken);
        Assert.Equal<byte>([.. expected, (byte)'\n'], read);
        Assert.Equal("0\n", Read("end"));
    }

    [Fact]
    public async Task Arguments_and_environment_name_the_key_and_do_not_have_it()
    {
        Assert.Null(await RunAsync("cat /proc/$$/environ > environment; cat /proc/$$/cmdline > arguments; pwd > where", arguments: ["$HOME; exit 1", "a b", ""]));

        var environment = Read("environment").TrimEnd('\0').Split('\0').Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(["DSKE_FINGERPRINT", "DSKE_KEY_ID", "DSKE_PEER", "DSKE_SINK", "PATH"], environment.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("0123abcd", "sofia", "wg0"), (environment["DSKE_FINGERPRINT"], environment["DSKE_PEER"], environment["DSKE_SINK"]));
        Assert.Equal(SampleSinks.Id(7).ToString(), environment["DSKE_KEY_ID"]);
        Assert.Equal($"/bin/sh\0{In("script")}\0{_directory.FullName}\0$HOME; exit 1\0a b\0\0", Read("arguments"));
        Assert.Equal(_directory.FullName + "\n", Read("where"));
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("cat > /dev/null; exit 1", 1)]
    [InlineData("kill -9 $$", 137)]
    public async Task A_program_that_fails_is_known_by_its_exit_code(string script, int code)
    {
        var failure = await RunAsync(script);

        Assert.Equal(new SinkFailure("exit", string.Create(CultureInfo.InvariantCulture, $"The program ended with exit code {code}.")), failure);
    }

    [Fact]
    public async Task What_a_program_prints_is_told_to_nobody()
    {
        var failure = await RunAsync("key=$(cat); echo $key; echo $key >&2; exit 1");

        Assert.Equal(new SinkFailure("exit", "The program ended with exit code 1."), failure);
    }

    [Fact]
    public async Task A_program_need_not_read()
    {
        Assert.Null(await RunAsync("exec 0<&-; exit 0", KeyEncoding.Hex, 8192));
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_with_what_it_started()
    {
        var running = RunAsync("trap '' TERM INT HUP; sleep 600 & echo $! > child; echo $$ > parent; wait; sleep 600");
        await Eventually.TrueAsync(() => HasLine("parent"), "the program runs");
        int[] processes = [Pid("parent"), Pid("child")];
        Assert.All(processes, process => Assert.True(Runs(process)));

        _time.Advance(TimeLimit);

        Assert.Equal(new SinkFailure("timeout", "The program did not end within 10 s and was killed."), await running);
        await Eventually.TrueAsync(() => !processes.Any(Runs), "both are gone");
    }

    [Fact]
    public async Task A_program_is_killed_when_the_node_stops()
    {
        using var stopping = new CancellationTokenSource();
        var running = RunAsync("echo $$ > parent; sleep 600; exit 0", cancellationToken: stopping.Token);
        await Eventually.TrueAsync(() => HasLine("parent"), "the program runs");

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.TrueAsync(() => !Runs(Pid("parent")), "it is gone");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" >&2")]
    public async Task A_program_that_prints_without_end_is_killed(string where)
    {
        var failure = await RunAsync($"exec cat /dev/zero{where}");

        Assert.Equal(new SinkFailure("output", "The program wrote more than 1048576 bytes and was killed."), failure);
    }

    [Fact]
    public async Task Nobody_waits_for_what_a_program_leaves_behind()
    {
        Assert.Null(await RunAsync("sleep 600 & echo $! > child; exit 0"));

        using var left = System.Diagnostics.Process.GetProcessById(Pid("child"));
        Assert.False(left.HasExited);
        left.Kill();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("")]
    public async Task A_program_that_is_none_cannot_be_started(string name)
    {
        using var key = SampleSinks.Key(7);
        var settings = new CommandTargetSettings(In(name), [], TimeLimit);

        var failure = await new CommandTarget(SampleSinks.Settings(settings), settings, _time).HandOverAsync(key, TestContext.Current.CancellationToken);

        Assert.Equal("start", failure!.Type);
    }

    private string In(string name) => Path.Combine(_directory.FullName, name);

    private string Read(string name) => File.ReadAllText(In(name));

    private bool HasLine(string name) => File.Exists(In(name)) && Read(name).EndsWith('\n');

    private int Pid(string name) => int.Parse(Read(name), CultureInfo.InvariantCulture);

    // A zombie, which somebody has yet to look after, runs no more.
    private static bool Runs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<SinkFailure?> RunAsync(
        string script,
        KeyEncoding encoding = KeyEncoding.Base64,
        int length = 32,
        string[]? arguments = null,
        CancellationToken? cancellationToken = null)
    {
        // Through the shell rather than by itself: a file that was just written may still be open in a process that another test is starting.
        await File.WriteAllTextAsync(In("script"), "cd \"$1\"\n" + script + "\n", TestContext.Current.CancellationToken);
        using var key = SampleSinks.Key(7, length);
        var settings = new CommandTargetSettings("/bin/sh", [In("script"), _directory.FullName, .. arguments ?? []], TimeLimit);
        return await new CommandTarget(SampleSinks.Settings(settings, encoding), settings, _time)
            .HandOverAsync(key, cancellationToken ?? TestContext.Current.CancellationToken);
    }
}
