using System.Text.Json;
using Dske.Cli;
using Dske.Protocol.Secrets;
using Dske.Tests.Network;
using Dske.Tests.Services;

namespace Dske.Tests.Cli;

/// <summary>Files for couriers, by the command, with real nodes in this process.</summary>
[Trait("Tier", "Unit")]
public sealed class PsrdCommandTests : IDisposable
{
    private readonly CommandRun _command = new(
        """
        hubs: [{name: hank}, {name: helen}, {name: hilary}, {name: holly}, {name: hugo}]
        threshold: 3
        base_port: 24300
        clients:
          - {name: carol, encryptors: [{name: sam}]}
          - {name: conny, encryptors: [{name: sofia}]}
        """);

    public PsrdCommandTests()
    {
        Keep("pass", "correct horse battery");
        Keep("other", "correct horse batterx");
        Keep("token", CourierCaller.Token);
    }

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("64MB", "'64MB' is no size: a whole number with its unit (B, KiB, MiB or GiB), such as 64MiB.")]
    [InlineData("64", "'64' is no size: a whole number with its unit (B, KiB, MiB or GiB), such as 64MiB.")]
    [InlineData("1.5GiB", "'1.5GiB' is no size: a whole number with its unit (B, KiB, MiB or GiB), such as 64MiB.")]
    [InlineData("-1KiB", "'-1KiB' is no size: a whole number with its unit (B, KiB, MiB or GiB), such as 64MiB.")]
    [InlineData("99999999999999999999GiB", "'99999999999999999999GiB' is no size: a whole number with its unit (B, KiB, MiB or GiB), such as 64MiB.")]
    [InlineData("1KiB", "--size is at least 4KiB, not 1KiB.")]
    public async Task A_size_that_is_none_is_told_in_a_line(string size, string message)
        => Assert.StartsWith(message, await _command.FailAsync(ExitCode.BadInput, "psrd", "export", "--hub", "hank", "--client", "carol", "--size", size, "--out", "x"), StringComparison.Ordinal);

    [Fact]
    public async Task What_was_typed_and_is_no_good_is_told_before_anything_is_done()
    {
        File.WriteAllText(_command.PathOf("taken"), "");
        _command.Write("text", "not a couriered file at all");
        _command.Write("open", "correct horse battery");
        Keep("short", "short");
        string[] url = ["--url", "http://127.0.0.1:1", "--operator-token", "token"];

        await FailsAsync("There is no client 'celia'. There are: carol, conny.", Export("hank", "celia"));
        await FailsAsync("--client names a client twice.", Export("hank", "carol,carol"));
        await FailsAsync("--passphrase-file and --key-file exclude each other.", [.. Export("hank", "carol"), "--passphrase-file", "pass", "--key-file", "pass"]);
        await FailsAsync("Name what seals the file", [.. Export("hank", "carol"), .. url]);
        await FailsAsync("'http://192.0.2.1' is no address on this machine", [.. Export("hank", "carol"), "--url", "http://192.0.2.1"]);
        await FailsAsync($"{_command.PathOf("open")} is open to others", [.. Export("hank", "carol"), .. url, "--passphrase-file", "open"]);
        await FailsAsync($"The passphrase in {_command.PathOf("short")} has 5 bytes", [.. Export("hank", "carol"), .. url, "--passphrase-file", "short"]);
        await FailsAsync($"{_command.PathOf("short")} has 6 bytes; a key file has 32", [.. Export("hank", "carol"), .. url, "--key-file", "short"]);
        await FailsAsync($"{_command.PathOf("text")} is no couriered file.", "psrd", "import", "text");
        await FailsAsync($"{_command.PathOf("missing")} cannot be read", "psrd", "import", "missing");
        await FailsAsync("'x' is no UUID", "psrd", "abandon", "x", "--hub", "hank");
        Assert.StartsWith($"{_command.PathOf("taken")} exists", await _command.FailAsync(ExitCode.WrongState, "psrd", "export", "--hub", "hank", "--client", "carol", "--size", "4KiB", "--out", "taken"), StringComparison.Ordinal);
        Assert.StartsWith("No network runs", await _command.FailAsync(ExitCode.WrongState, "psrd", "list"), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(_command.Folder), path => Path.GetFileName(path).StartsWith('x'));
    }

    [Fact]
    public async Task A_file_is_made_carried_read_once_and_shredded()
    {
        await using var network = await StartAsync();
        var (hub, carol) = (At(network.Hubs[0].Url), At(network.Carol.Url));

        File.WriteAllText(_command.PathOf("x.new"), "another one's");
        var made = await SucceedAsync([.. Export("hank", "carol", "64KiB"), .. hub, "--passphrase-file", "pass", "--json"]);
        var file = Assert.Single(made.EnumerateArray());
        Assert.Equal(("hank", "carol", 65_536), (file.GetProperty("hub").GetString(), file.GetProperty("client").GetString(), file.GetProperty("size").GetInt32()));
        Assert.Equal("another one's", File.ReadAllText(_command.PathOf("x.new")));
        Assert.Equal(2, Directory.EnumerateFiles(_command.Folder, "x*").Count());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_command.PathOf("x")));
        }

        Assert.Single((await SucceedAsync(["psrd", "list", "--hub", "hank", .. hub, "--json"])).EnumerateArray());

        // Nothing but success shreds.
        Assert.Equal(ExitCode.Failed, await _command.RunAsync(["psrd", "import", "x", "--shred", .. carol, "--passphrase-file", "other"]));
        Assert.Equal(ExitCode.BadInput, await _command.RunAsync(["psrd", "import", "x", "--shred", "--client", "conny", .. carol, "--passphrase-file", "pass"]));
        Assert.True(File.Exists(_command.PathOf("x")));
        File.Copy(_command.PathOf("x"), _command.PathOf("copy"));
        _command.Typed.Enqueue("correct horse battery");
        var report = Assert.Single((await SucceedAsync(["psrd", "import", "x", "--shred", .. carol, "--json"])).EnumerateArray());
        Assert.False(report.GetProperty("enrols").GetBoolean());
        Assert.False(File.Exists(_command.PathOf("x")));

        // After an answer that got lost, that it was imported already is as good; a file that does not open is not shredded for that.
        Assert.False(report.GetProperty("was_imported").GetBoolean());
        Assert.Equal(ExitCode.Failed, await _command.RunAsync(["psrd", "import", "copy", "--shred", .. carol, "--passphrase-file", "other"]));
        Assert.True(File.Exists(_command.PathOf("copy")));
        var again = Assert.Single((await SucceedAsync(["psrd", "import", "copy", "--shred", .. carol, "--passphrase-file", "pass", "--json"])).EnumerateArray());
        Assert.True(again.GetProperty("was_imported").GetBoolean());
        Assert.Equal(report.GetProperty("file").GetString(), again.GetProperty("file").GetString());
        Assert.False(File.Exists(_command.PathOf("copy")));
    }

    [Fact]
    public async Task A_bundle_has_a_file_for_each_client_and_lost_ones_are_given_up()
    {
        await using var network = await StartAsync();
        var hub = At(network.Hubs[0].Url);
        var key = new byte[32];
        SystemEntropySource.Instance.Fill(key);
        key[^1] = (byte)'\n';
        KeepBytes("key", key);

        Assert.Equal(2, (await SucceedAsync([.. Export("hank", "carol,conny"), .. hub, "--key-file", "key", "--json"])).GetArrayLength());
        Assert.Equal("carol", Assert.Single((await SucceedAsync(["psrd", "import", "x", "--client", "carol", .. At(network.Carol.Url), "--key-file", "key", "--json"])).EnumerateArray())
            .GetProperty("client_name").GetString());
        Assert.Equal(ExitCode.BadInput, await _command.RunAsync(["psrd", "import", "x", "--client", "celia", .. hub, "--key-file", "key"]));
        Assert.Equal(ExitCode.BadInput, await _command.RunAsync(["psrd", "import", "x", "--client", "carol", "--shred", .. hub, "--key-file", "key"]));

        var lost = (await SucceedAsync(["psrd", "list", "--hub", "hank", .. hub, "--json"])).EnumerateArray().Single(file => file.GetProperty("client_name").GetString() == "conny");
        await SucceedAsync(["psrd", "abandon", lost.GetProperty("file").GetString()!, "--hub", "hank", .. hub, "--json"]);
        Assert.Equal(ExitCode.WrongState, await _command.RunAsync(["psrd", "abandon", lost.GetProperty("file").GetString()!, "--hub", "hank", .. hub]));
        Assert.Equal(ExitCode.WrongState, await _command.RunAsync(["psrd", "import", "x", "--client", "conny", .. At(network.Conny.Url), "--key-file", "key"]));
    }

    [Fact]
    public async Task The_rest_of_a_bundle_is_imported_after_a_part_of_it_was()
    {
        await using var network = await StartAsync();
        var hub = At(network.Hubs[0].Url);
        Assert.Equal(2, (await SucceedAsync([.. Export("hank", "carol,conny"), .. hub, "--passphrase-file", "pass", "--json"])).GetArrayLength());
        await using var appHost = await StandInAppHost.StartAsync(_command.PathOf(".dske"));
        appHost.Add("carol", "client", url: network.Carol.Url).Add("conny", "client", url: new Uri("http://127.0.0.1:1"));
        string[] import = ["psrd", "import", "x", "--shred", "--passphrase-file", "pass", "--operator-token", "token", "--json"];

        // One of the two does not answer: what the other one has read is read, and the file stays.
        Assert.Equal(ExitCode.Unreachable, await _command.RunAsync(import));
        Assert.Contains("Imported before that: carol.", _command.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(_command.PathOf("x")));

        appHost.Move("conny", network.Conny.Url);
        var reports = (await SucceedAsync(import)).EnumerateArray().ToList();
        Assert.Equal(
            [("carol", true), ("conny", false)],
            reports.Select(report => (report.GetProperty("client_name").GetString()!, report.GetProperty("was_imported").GetBoolean())));
        Assert.False(File.Exists(_command.PathOf("x")));
    }

    [Fact]
    public async Task Ctrl_C_and_refusals_leave_nothing_half_done()
    {
        await using var network = await StartAsync();
        var hub = At(network.Hubs[0].Url);
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();

        Assert.Equal(ExitCode.Cancelled, await _command.RunUntilAsync(interrupt.Token, [.. Export("hank", "carol"), .. hub, "--passphrase-file", "pass"]));
        Keep("token", "fedcba9876543210fedcba9876543210");
        Assert.Equal(ExitCode.Failed, await _command.RunAsync([.. Export("hank", "carol"), .. hub, "--passphrase-file", "pass"]));
        Keep("token", CourierCaller.Token);
        Assert.Equal(ExitCode.BadInput, await _command.RunAsync([.. Export("hank", "carol", "900GiB"), .. hub, "--passphrase-file", "pass"]));

        Assert.Empty(Directory.EnumerateFiles(_command.Folder, "x*"));
        Assert.Empty((await SucceedAsync(["psrd", "list", "--hub", "hank", .. hub, "--json"])).EnumerateArray());
    }

    [Fact]
    public async Task A_new_passphrase_is_asked_for_twice()
    {
        _command.Typed.Enqueue("correct horse battery");
        _command.Typed.Enqueue("correct horse batterx");

        Assert.StartsWith(
            "The two are not the same.",
            await _command.FailAsync(ExitCode.BadInput, [.. Export("hank", "carol"), "--url", "http://127.0.0.1:1", "--operator-token", "token"]),
            StringComparison.Ordinal);
    }

    private Task<LoopbackNetwork> StartAsync() => LoopbackNetwork.StartAsync(operatorTokenFile: _command.PathOf("token"));

    private static string[] Export(string hub, string clients, string size = "4KiB") => ["psrd", "export", "--hub", hub, "--client", clients, "--size", size, "--out", "x"];

    private static string[] At(Uri url) => ["--url", url.ToString(), "--operator-token", "token"];

    private void Keep(string name, string line) => OwnerOnlyFile.WriteLine(_command.PathOf(name), System.Text.Encoding.UTF8.GetBytes(line));

    private void KeepBytes(string name, byte[] content)
    {
        Keep(name, "");
        File.WriteAllBytes(_command.PathOf(name), content);
    }

    private async Task FailsAsync(string message, params string[] arguments)
        => Assert.StartsWith(message, await _command.FailAsync(ExitCode.BadInput, arguments), StringComparison.Ordinal);

    private async Task<JsonElement> SucceedAsync(string[] arguments)
    {
        var code = await _command.RunAsync(arguments);
        Assert.True(code == ExitCode.Success, $"{string.Join(' ', arguments)}: {code}, {_command.Errors}");
        return JsonElement.Parse(_command.Output);
    }
}
