using Dske.Tests.Services.Encryptor.Sinks;

namespace Dske.Tests.Distributed.Sinks;

/// <summary>Two encryptors that give the two ends of a WireGuard tunnel their pre-shared key, as <c>docs/key-sinks.md</c> has it.</summary>
/// <remarks>With WireGuard in user space, which runs where the kernel has none.</remarks>
[Trait("Tier", "Distributed")]
[Collection(RealEquipment.Name)]
public sealed class WireGuardTests
{
    private const int Minute = 60;

    private static readonly string[] Tunnel = ["10.8.0.1", "10.8.0.2"];

    [Fact]
    public async Task A_tunnel_gets_its_pre_shared_key_at_each_roll_over_and_stands_still_without_the_right_one()
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "Needs /dev/net/tun, for WireGuard in user space.");
        await using var ends = await TwoNamespaces.CreateAsync("w", ("wg", "wireguard-tools"), ("wireguard-go", "wireguard-go"), ("ping", "iputils-ping"));
        var keys = await StartWireGuardAsync(ends);
        await using var pair = await SinkPair.StartAsync(_ => Sink(ends, 0, keys[1], Minute), _ => Sink(ends, 1, keys[0], null));

        // The first key.
        var (sam, sofia) = await pair.UntilRollOversAsync(1);
        Assert.Equal((0, 0), (SinkPair.Failures(sam), SinkPair.Failures(sofia)));
        await AssertPresharedKeyAsync(ends, pair.Kme.Keys.Last());
        Assert.True(await PassesAsync(ends, seconds: 30));
        Assert.DoesNotMatch("\t0$", await HandshakesAsync(ends));

        // The second one: the session goes on, and so does one that is made anew.
        await RollOverAsync(pair, 2);
        Assert.Equal(2, pair.Kme.Keys.Count);
        await AssertPresharedKeyAsync(ends, pair.Kme.Keys.Last());
        Assert.True(await PassesAsync(ends, seconds: 30));
        await ForgetSessionsAsync(ends);
        Assert.True(await PassesAsync(ends, seconds: 30));

        // A wrong one at one end: no session, nothing passes.
        await File.WriteAllTextAsync(ends.In("wrong"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        await ends.RunAsync("wg", "set", ends.Interface("wg", 1), "peer", keys[0], "preshared-key", ends.In("wrong"));
        await ForgetSessionsAsync(ends);
        var before = await HandshakesAsync(ends);
        Assert.False(await PassesAsync(ends, seconds: 6));
        Assert.Equal(before, await HandshakesAsync(ends));

        // The third one mends it.
        await RollOverAsync(pair, 3);
        await AssertPresharedKeyAsync(ends, pair.Kme.Keys.Last());
        Assert.True(await PassesAsync(ends, seconds: 30));
    }

    private static async Task<string[]> StartWireGuardAsync(TwoNamespaces ends)
    {
        var publicKeys = new string[2];
        for (var end = 0; end < 2; end++)
        {
            var name = ends.Interface("wg", end);
            var key = await ends.RunAsync("wg", "genkey");
            await File.WriteAllTextAsync(ends.In($"private{end}"), key, TestContext.Current.CancellationToken);
            publicKeys[end] = await ends.RunAsync("sh", "-c", "wg pubkey < \"$1\"", "sh", ends.In($"private{end}"));
            ends.Start(end, "wireguard-go", "-f", name);
            ends.Forget($"/var/run/wireguard/{name}.sock");
            await ends.UntilItWorksAsync("wg", "show", name);
        }

        for (var end = 0; end < 2; end++)
        {
            var (name, far) = (ends.Interface("wg", end), 1 - end);
            await ends.RunAsync(
                "wg", "set", name, "private-key", ends.In($"private{end}"), "listen-port", "51820",
                "peer", publicKeys[far], "endpoint", $"{TwoNamespaces.Addresses[far]}:51820", "allowed-ips", $"{Tunnel[far]}/32");
            await ends.RunAsync("ip", "-n", ends[end], "address", "add", $"{Tunnel[end]}/24", "dev", name);
            await ends.RunAsync("ip", "-n", ends[end], "link", "set", name, "up");
        }

        return publicKeys;
    }

    // The arguments of docs/examples/key-sinks/wireguard.json.
    private static (string, string)[] Sink(TwoNamespaces ends, int end, string peerKey, int? interval) =>
    [
        ("Sinks:0:Peer", end == 0 ? "sofia" : "sam"), ("Sinks:0:Name", "wg0"), ("Sinks:0:Kind", "Command"), ("Sinks:0:Path", TwoNamespaces.Find("wg")!),
        .. new[] { "set", ends.Interface("wg", end), "peer", peerKey, "preshared-key", "/dev/stdin" }.Select((argument, i) => ($"Sinks:0:Arguments:{i}", argument)),
        .. interval is null ? [] : new[] { ("Sinks:0:Interval", TimeSpan.FromSeconds(interval.Value).ToString()) },
    ];

    private static async Task RollOverAsync(SinkPair pair, int count)
    {
        await pair.Time.UntilDelayRunsAsync(TimeSpan.FromSeconds(Minute));
        pair.Time.Advance(TimeSpan.FromSeconds(Minute));
        await pair.UntilRollOversAsync(count);
    }

    private static async Task AssertPresharedKeyAsync(TwoNamespaces ends, byte[] key)
    {
        for (var end = 0; end < 2; end++)
        {
            Assert.EndsWith("\t" + Convert.ToBase64String(key), await ends.RunAsync("wg", "show", ends.Interface("wg", end), "preshared-keys"), StringComparison.Ordinal);
        }
    }

    // A session outlives its pre-shared key, but not a change of the private key, to that of nobody and back.
    private static async Task ForgetSessionsAsync(TwoNamespaces ends)
    {
        await File.WriteAllTextAsync(ends.In("nobody"), await ends.RunAsync("wg", "genkey"), TestContext.Current.CancellationToken);
        for (var end = 0; end < 2; end++)
        {
            await ends.RunAsync("wg", "set", ends.Interface("wg", end), "private-key", ends.In("nobody"));
            await ends.RunAsync("wg", "set", ends.Interface("wg", end), "private-key", ends.In($"private{end}"));
        }
    }

    // Whether an echo comes back within so many seconds; the first may be lost while a session is made.
    private static async Task<bool> PassesAsync(TwoNamespaces ends, int seconds) =>
        (await ends.TryRunInAsync(0, "ping", "-c", "1", "-w", $"{seconds}", Tunnel[1])).ExitCode == 0;

    private static Task<string> HandshakesAsync(TwoNamespaces ends) => ends.RunAsync("wg", "show", ends.Interface("wg", 0), "latest-handshakes");
}
