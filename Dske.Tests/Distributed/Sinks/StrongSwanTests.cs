using Dske.Tests.Network.InMemory;
using Dske.Tests.Services.Encryptor.Sinks;

namespace Dske.Tests.Distributed.Sinks;

/// <summary>Two encryptors that give two strongSwans their PPK (RFC 8784), with the script and the configuration of <c>docs/key-sinks.md</c>.</summary>
/// <remarks>IKE only: the packets of IPsec need a kernel that has ESP, and the PPK is in IKE.</remarks>
[Trait("Tier", "Distributed")]
[Collection(RealEquipment.Name)]
public sealed class StrongSwanTests
{
    private const int Minute = 60;
    private const string Daemon = "charon-systemd";

    private static readonly string Examples = Path.Combine(AppContext.BaseDirectory, "examples", "key-sinks");

    [Fact]
    public async Task IKE_is_made_with_the_PPK_of_each_roll_over_and_not_without_the_right_one()
    {
        await using var ends = await TwoNamespaces.CreateAsync("s", (Daemon, "charon-systemd"), ("swanctl", "strongswan-swanctl"), ("unshare", "util-linux"));
        await StartStrongSwanAsync(ends);
        await using var pair = await SinkPair.StartAsync(_ => Sink(ends, 0, Minute), _ => Sink(ends, 1, null));

        // The first key.
        var (sam, sofia) = await pair.UntilRollOversAsync(1);
        Assert.Equal((0, 0), (SinkPair.Failures(sam), SinkPair.Failures(sofia)));
        await AssertSecretAsync(ends, pair.Kme.Keys.Last());
        await AssertConnectsAsync(ends);

        // The second one: an IKE_SA that is made anew has it.
        await RollOverAsync(pair, 2);
        await AssertSecretAsync(ends, pair.Kme.Keys.Last());
        await AssertConnectsAsync(ends);

        // A wrong one at one end.
        await File.WriteAllTextAsync(ends.In("wrong"), new string('0', 64) + "\n", TestContext.Current.CancellationToken);
        await ends.RunAsync("env", [.. Environment(ends, 1), "DSKE_SINK=site-to-site", "sh", "-c", "sh \"$1\" dske < \"$2\"", "sh", Path.Combine(Examples, "strongswan-ppk"), ends.In("wrong")]);
        var (code, output) = await ConnectAsync(ends);
        Assert.True(code != 0 && output.Contains("AUTHENTICATION_FAILED", StringComparison.Ordinal), output);

        // The third one mends it.
        await RollOverAsync(pair, 3);
        await AssertConnectsAsync(ends);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0G\n")]
    [InlineData("00 }\n")]
    public async Task The_script_takes_nothing_but_a_key(string input)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is a shell script.");
        var directory = Directory.CreateTempSubdirectory("dske-swanctl-");
        try
        {
            Directory.CreateDirectory(Path.Combine(directory.FullName, "conf.d"));
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "input"), input, TestContext.Current.CancellationToken);
            using var process = System.Diagnostics.Process.Start(
                "/bin/sh",
                ["-c", "SWANCTL_DIR=\"$2\" DSKE_SINK=x exec sh \"$1\" dske < \"$2/input\" 2> /dev/null", "sh", Path.Combine(Examples, "strongswan-ppk"), directory.FullName]);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.NotEqual(0, process.ExitCode);
            Assert.Empty(Directory.GetFiles(Path.Combine(directory.FullName, "conf.d")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task StartStrongSwanAsync(TwoNamespaces ends)
    {
        var example = await File.ReadAllTextAsync(Path.Combine(Examples, "swanctl.conf"), TestContext.Current.CancellationToken);
        for (var end = 0; end < 2; end++)
        {
            Directory.CreateDirectory(ends.In($"{end}", "conf.d"));
            await File.WriteAllTextAsync(
                ends.In($"{end}", "strongswan.conf"),
                $$"""
                {{Daemon}} {
                    load = random nonce pem pkcs1 x509 aes sha1 sha2 hmac kdf gmp drbg vici kernel-netlink socket-default
                    plugins {
                        vici {
                            socket = unix://{{ends.In($"{end}", "vici")}}
                        }
                    }
                }
                swanctl {
                    load = random pem pkcs1 x509
                    socket = unix://{{ends.In($"{end}", "vici")}}
                }

                """,
                TestContext.Current.CancellationToken);

            // The example, seen from either end. Without its children, which take a kernel that has ESP.
            var near = end == 0 ? example : example
                .Replace("10.9.0.1", "10.9.0.x", StringComparison.Ordinal).Replace("10.9.0.2", "10.9.0.1", StringComparison.Ordinal).Replace("10.9.0.x", "10.9.0.2", StringComparison.Ordinal)
                .Replace("a.example", "x.example", StringComparison.Ordinal).Replace("b.example", "a.example", StringComparison.Ordinal).Replace("x.example", "b.example", StringComparison.Ordinal);
            await File.WriteAllTextAsync(
                ends.In($"{end}", "swanctl.conf"),
                near.Replace("version = 2", "version = 2\n        childless = force", StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                ends.In($"{end}", "conf.d", "psk.conf"), "secrets {\n    ike {\n        secret = 0x00112233445566778899aabbccddeeff\n    }\n}\n", TestContext.Current.CancellationToken);

            // A /run of its own: the daemon keeps its process ID there.
            ends.Start(end, ["env", .. Environment(ends, end), "unshare", "--mount", "sh", "-c", $"mount -t tmpfs none /run && exec {TwoNamespaces.Find(Daemon)}"]);
        }

        for (var end = 0; end < 2; end++)
        {
            var socket = ends.In($"{end}", "vici");
            await Eventually.TrueAsync(() => File.Exists(socket), "strongSwan runs");
            await ends.UntilItWorksAsync("env", [.. Environment(ends, end), "swanctl", "--load-all", "--noprompt"]);
        }
    }

    // As docs/examples/key-sinks/strongswan.json has it, but for where strongSwan is configured.
    private static (string, string)[] Sink(TwoNamespaces ends, int end, int? interval) =>
    [
        ("Sinks:0:Peer", end == 0 ? "sofia" : "sam"), ("Sinks:0:Name", "site-to-site"), ("Sinks:0:Kind", "Command"), ("Sinks:0:Path", "/usr/bin/env"),
        ("Sinks:0:Encoding", "hex"), ("Sinks:0:Timeout", "00:00:30"),
        .. Environment(ends, end).Concat(["/bin/sh", Path.Combine(Examples, "strongswan-ppk"), "dske"])
            .Select((argument, i) => ($"Sinks:0:Arguments:{i}", argument)),
        .. interval is null ? [] : new[] { ("Sinks:0:Interval", TimeSpan.FromSeconds(interval.Value).ToString()) },
    ];

    private static string[] Environment(TwoNamespaces ends, int end) =>
        [$"SWANCTL_DIR={ends.In($"{end}")}", $"STRONGSWAN_CONF={ends.In($"{end}", "strongswan.conf")}"];

    private static async Task RollOverAsync(SinkPair pair, int count)
    {
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(Minute));
        pair.Time.Advance(TimeSpan.FromSeconds(Minute));
        await pair.UntilRollOversAsync(count);
    }

    private static async Task AssertSecretAsync(TwoNamespaces ends, byte[] key)
    {
        for (var end = 0; end < 2; end++)
        {
            var file = ends.In($"{end}", "conf.d", "dske-site-to-site.conf");
            Assert.Contains($"secret = 0x{Convert.ToHexStringLower(key)}\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));
        }
    }

    private static async Task AssertConnectsAsync(TwoNamespaces ends)
    {
        var (code, output) = await ConnectAsync(ends);
        Assert.True(code == 0, output);
        Assert.Contains("/PPK", await SwanctlAsync(ends, 0, "--list-sas"), StringComparison.Ordinal);
        await SwanctlAsync(ends, 0, "--terminate", "--ike", "site");
    }

    private static Task<(int ExitCode, string Output)> ConnectAsync(TwoNamespaces ends) =>
        ends.TryRunAsync("env", [.. Environment(ends, 0), "swanctl", "--initiate", "--ike", "site", "--timeout", "30"]);

    private static Task<string> SwanctlAsync(TwoNamespaces ends, int end, params string[] arguments) =>
        ends.RunAsync("env", [.. Environment(ends, end), "swanctl", .. arguments]);
}
