using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Clients;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services.Client;
using Dske.Tests.Services.Hub;
using Dske.Tests.Unit.Secrets;

namespace Dske.Tests.Services.Nodes;

/// <summary>Hubs and clients with a source of randomness of their own, and what goes on when it has failed.</summary>
[Trait("Tier", "Services")]
public sealed class EntropyTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_hub_whose_source_has_ended_makes_no_PSRD_and_goes_on_relaying()
    {
        // Two clients with two blocks of 16 KiB each, and not enough for another one.
        await File.WriteAllBytesAsync(_path, RawSource.Sound(4 * ((16 * 1024) + 16) + 1000), Token);
        using var failures = new CounterRecorder("Dske.Entropy", "dske.entropy.failures");
        await using var hub = HubNode.Start(more: ("Dske:Entropy:Source", _path));
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");
        using var celia = await HubCaller.EnrolAsync(hub, "celia", "serena");
        await AssertHealthAsync(hub.Client, "Healthy");
        var blocks = await GetBlocksAsync(hub);

        for (var i = 0; i < 2; i++)
        {
            using var refusal = await hub.Client.GetAsync($"{hub.Root}/dske/oob/v1/psrd?client_name=carol&owner=client&size=16384", Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
            Assert.Equal("urn:dske:error:entropy-unavailable", (await ReadAsync(refusal)).GetProperty("type").GetString());
        }

        Assert.Equal(blocks, await GetBlocksAsync(hub));
        var id = SystemEntropySource.Instance.NextUuid();
        var share = RawSource.Sound(32);
        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(id, "sam", "serena", share))).Kind);
        using var delivered = (await celia.ExchangeAsync(celia.Get(id, "sam", "serena"))).Share!;
        Assert.Equal(share, delivered.Value.Span.ToArray());

        await AssertHealthAsync(hub.Client, "Degraded");
        Assert.Contains($"'{_path}' has failed", Assert.Single(hub.Log.Faults), StringComparison.Ordinal);
        var failure = Assert.Single(failures.Measurements, measurement => Equals(measurement.Tags["dske.source"], _path));
        Assert.Equal((1, "end-of-source"), (failure.Value, failure.Tags["dske.reason"]));
    }

    [Fact]
    public async Task A_client_whose_source_has_ended_makes_no_keys_and_delivers_those_it_made()
    {
        await File.WriteAllBytesAsync(_path, RawSource.Sound(1100), Token);
        await using var network = await SmallNetwork.StartAsync(_path);
        var keys = new List<(string Id, string Key)>();
        HttpResponseMessage answer;
        while ((answer = await network.GetAsync("sam", "sara/enc_keys?size=256")).StatusCode == HttpStatusCode.OK)
        {
            Assert.InRange(keys.Count, 0, 30);
            keys.Add(ReadKey(await ReadAsync(answer)));
            answer.Dispose();
        }

        using (answer)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("randomness", (await ReadAsync(answer)).GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        using (var several = await network.GetAsync("sam", "sara/enc_keys?size=256&number=20"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, several.StatusCode);
        }

        Assert.NotEmpty(keys);
        foreach (var (id, key) in keys)
        {
            using var fetched = await network.GetAsync("sara", $"sam/dec_keys?key_ID={id}");
            Assert.Equal((id, key), ReadKey(await ReadAsync(fetched)));
        }

        await AssertHealthAsync(network.Carol.Client, "Degraded");
        Assert.Contains($"'{_path}' has failed", Assert.Single(network.Carol.Log.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_device_works_from_end_to_end()
    {
        Assert.SkipUnless(File.Exists("/dev/urandom"), "There is no /dev/urandom here.");
        await using var network = await SmallNetwork.StartAsync("/dev/urandom", "/dev/urandom");

        using var made = await network.GetAsync("sam", "sara/enc_keys?size=256&number=50");
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var (id, key) = ReadKey(await ReadAsync(made));
        using var fetched = await network.GetAsync("sara", $"sam/dec_keys?key_ID={id}");

        Assert.Equal((id, key), ReadKey(await ReadAsync(fetched)));
        await AssertHealthAsync(network.Carol.Client, "Healthy");
        await AssertHealthAsync(network.Hubs[0].Client, "Healthy");
    }

    [Fact]
    public async Task A_node_whose_source_is_missing_starts_and_says_so()
    {
        await using var hub = HubNode.Start(more: ("Dske:Entropy:Source", _path + "-missing"));
        await Eventually.TrueAsync(() => hub.Log.Faults.Any(), "the alarm is given");

        await AssertHealthAsync(hub.Client, "Degraded");
        using var answer = await hub.Client.PutAsJsonAsync(
            $"{hub.Root}/dske/oob/v1/registration", new { client_name = "carol", encryptor_names = new[] { "sam" } }, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var refusal = await hub.Client.GetAsync($"{hub.Root}/dske/oob/v1/psrd?client_name=carol&owner=hub&size=100", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task A_named_pipe_that_nobody_writes_to_is_noticed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such pipes on Windows.");
        File.Delete(_path);
        using (var maker = System.Diagnostics.Process.Start("mkfifo", [_path]))
        {
            await maker.WaitForExitAsync(Token);
            Assert.Equal(0, maker.ExitCode);
        }

        var time = new VirtualTime();
        await using var hub = HubNode.Start(time: time, more: [("Dske:Entropy:Source", _path), ("Dske:Entropy:ReadTimeout", "00:00:07")]);
        await time.UntilTimersRunAsync(TimeSpan.FromSeconds(7));
        await AssertHealthAsync(hub.Client, "Healthy");

        time.Advance(TimeSpan.FromSeconds(7));

        await AssertHealthAsync(hub.Client, "Degraded");
        Assert.Contains("did not deliver", Assert.Single(hub.Log.Faults), StringComparison.Ordinal);

        // Lets go of the thread that still waits for a writer.
        using var writer = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    private static async Task AssertHealthAsync(HttpClient node, string status)
    {
        using var answer = await node.GetAsync("/health", Token);
        var health = await ReadAsync(answer);
        Assert.Equal((HttpStatusCode.OK, status), (answer.StatusCode, health.GetProperty("status").GetString()));
        Assert.Equal(status, health.GetProperty("checks").GetProperty("entropy").GetProperty("status").GetString());
    }

    private static async Task<string> GetBlocksAsync(HubNode hub) => (await hub.GetStatusAsync()).GetProperty("peer_clients").GetRawText();

    private static (string Id, string Key) ReadKey(JsonElement container)
    {
        var key = container.GetProperty("keys")[0];
        return (key.GetProperty("key_ID").GetString()!, key.GetProperty("key").GetString()!);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token));

    /// <summary>Five hubs and a client with two encryptors.</summary>
    private sealed class SmallNetwork : IAsyncDisposable
    {
        private SmallNetwork(string clientsSource, string? hubsSource)
        {
            Hubs = [.. HubNode.Names.Select(name => HubNode.Start(name, time: null, hubsSource is null ? [] : [("Dske:Entropy:Source", hubsSource)]))];
            Carol = ClientNode.Start(
                "carol", ["sam", "sara"], [.. Hubs.Select((hub, i) => (HubNode.Names[i], hub.Url))], time: null, ("Dske:Entropy:Source", clientsSource));
        }

        public IReadOnlyList<HubNode> Hubs { get; }

        public ClientNode Carol { get; }

        public static async Task<SmallNetwork> StartAsync(string clientsSource, string? hubsSource = null)
        {
            var network = new SmallNetwork(clientsSource, hubsSource);
            await Eventually.TrueAsync(() => network.Carol.Engine.Links.All(link => link.IsUsable), "all links are usable");
            return network;
        }

        public async Task<HttpResponseMessage> GetAsync(string caller, string request)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, $"{Carol.Root}/etsi/api/v1/keys/{request}");
            message.Headers.TryAddWithoutValidation("Authorization", caller);
            return await Carol.Client.SendAsync(message, Token);
        }

        public async ValueTask DisposeAsync()
        {
            await Carol.DisposeAsync();
            foreach (var hub in Hubs)
            {
                await hub.DisposeAsync();
            }
        }
    }
}
