using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Tests.Network;
using Dske.Tests.Processes;
using Dske.Tests.Services;

namespace Dske.Tests.Distributed;

/// <summary>A hub and a client that crash in the midst of a network: neither what they wrote nor what they leave behind holds a secret.</summary>
[Trait("Tier", "Distributed")]
[Collection(AppHostProcess.Name)]
public sealed class CrashOutputTests : IDisposable
{
    private const int Keys = 5;

    /// <summary>What is added to a signal in the exit code of a process that it ended.</summary>
    private const int BySignal = 128;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly EnrolmentFolder _enrolment = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _enrolment.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_node_that_crashes_tells_no_secret_and_leaves_no_memory_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a process turn off its dumps.");
        var secrets = new SecretSearch();
        var shares = new ConcurrentQueue<byte[]>();
        await using var hank = await RunningNode.StartAsync(typeof(HubOptions).Assembly, _directory.CreateSubdirectory("hank"), HubSettings(), Cancellation);
        await using var network = await LoopbackNetwork.StartAsync(
            enrolment: _enrolment,
            hubServices: services => RecordedHubState.Install(services, shares.Enqueue),
            route: (hub, url) => hub == "hank" ? hank.Url : url);
        await using var cindy = await RunningNode.StartAsync(
            typeof(ClientOptions).Assembly, _directory.CreateSubdirectory("cindy"), ClientSettings(network, hank), Cancellation);
        await LearnPsrdAsync(secrets, "hank");
        for (var i = 0; i < Keys; i++)
        {
            secrets.Add(await MakeKeyAsync(cindy));
            secrets.Add((await network.DeliverAsync()).Key);
        }

        await LearnPsrdAsync(secrets, "cindy");

        LearnTokens(secrets);
        Assert.All([hank, cindy], node => Assert.Equal(["0", "0", "bytes"], node.ReadLimit("Max core file size")));
        Assert.Equal(BySignal + Signal.Aborted, await hank.CrashAsync(Signal.Aborted, Cancellation));
        Assert.Equal(BySignal + Signal.Faulted, await cindy.CrashAsync(Signal.Faulted, Cancellation));

        foreach (var share in shares)
        {
            secrets.Add(share);
        }

        // What is looked for would be found, and there is much to look through.
        var output = hank.Output.Concat(cindy.Output).ToList();
        Assert.NotEmpty(secrets.Find(Convert.ToBase64String(shares.First())));
        Assert.True(shares.Count >= 2 * Keys * 3 && output.Sum(line => (long)line.Length) > 50_000 && secrets.Count > 100_000, $"{shares.Count} shares, {output.Count} lines, {secrets.Count} pieces");
        Assert.Equal([], output.SelectMany(line => secrets.Find(line).Select(found => $"{found} in: {line}")));
        Assert.Equal([], _directory.EnumerateFiles("*", SearchOption.AllDirectories).Where(IsCore).Select(file => file.FullName));
    }

    /// <summary>Whatever its name.</summary>
    private static bool IsCore(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("\u007fELF"u8);
    }

    private static async Task<byte[]> MakeKeyAsync(RunningNode cindy)
    {
        // Its links may not be there yet.
        using var http = new HttpClient { BaseAddress = cindy.Url };
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, "/client/cindy/etsi/api/v1/keys/sofia/enc_keys?size=256");
            message.Headers.TryAddWithoutValidation("Authorization", "sunny");
            using var answer = await http.SendAsync(message, Cancellation);
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("keys")[0].GetProperty("key").GetBytesFromBase64();
            }

            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>A node's blocks as they are now: what is used of them later is erased.</summary>
    private async Task LearnPsrdAsync(SecretSearch secrets, string node)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_directory.FullName, node), "*.psrd", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, Cancellation);
            secrets.Add(content);
        }
    }

    private void LearnTokens(SecretSearch secrets)
    {
        foreach (var hub in LoopbackNetwork.HubNames)
        {
            secrets.Add(Convert.FromHexString(_enrolment.KeyTextOf(hub).Trim()));
            foreach (var token in (string[])[_enrolment.Issue(hub, "carol", "sam"), _enrolment.Issue(hub, "conny", "sofia"), _enrolment.Issue(hub, "cindy", "sunny")])
            {
                secrets.AddToken(token);
            }
        }
    }

    private Dictionary<string, string?> HubSettings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = "hank",
            ["Dske:Hub:Threshold"] = "3",
            ["Dske:Hub:OutOfBand:Mode"] = "token",
            ["Dske:Hub:OutOfBand:KeyFile"] = _enrolment.KeyFileOf("hank"),
            ["Dske:Storage:Directory"] = Path.Combine(_directory.FullName, "hank", "data"),
        };
        foreach (var (index, hub) in LoopbackNetwork.HubNames.Index())
        {
            settings[$"Dske:Hub:Hubs:{index}"] = hub;
        }

        return settings;
    }

    private Dictionary<string, string?> ClientSettings(LoopbackNetwork network, RunningNode hank)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Client:Name"] = "cindy",
            ["Dske:Client:Threshold"] = "3",
            ["Dske:Client:Encryptors:0"] = "sunny",
            ["Dske:Client:Psrd:BlockSize"] = "65536",
            ["Dske:Client:Psrd:RefillBelow"] = "16384",
            ["Dske:Client:Psrd:RefillTo"] = "65536",
            ["Dske:Storage:Directory"] = Path.Combine(_directory.FullName, "cindy", "data"),
        };
        foreach (var (index, hub) in LoopbackNetwork.HubNames.Index())
        {
            settings[$"Dske:Client:Hubs:{index}:Name"] = hub;
            settings[$"Dske:Client:Hubs:{index}:Url"] = (index == 0 ? hank.Url : network.Hubs[index].Url).ToString();
            settings[$"Dske:Client:Hubs:{index}:TokenFile"] = _enrolment.WriteToken(hub, "cindy", "sunny");
        }

        return settings;
    }
}
