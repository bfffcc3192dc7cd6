using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Endpoints;
using Dske.Protocol.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Client;

/// <summary>A client over HTTP, without hubs: what it serves and shows.</summary>
[Trait("Tier", "Services")]
public sealed class ClientNodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Management_status_has_the_members_of_the_reference()
    {
        await using var carol = ClientNode.Start("carol", ["sam", "sara"]);

        var status = await carol.GetStatusAsync();

        Assert.Equal("carol", status.GetProperty("name").GetString());
        Assert.Equal(["sam", "sara"], status.GetProperty("encryptor_names").EnumerateArray().Select(name => name.GetString()));
        Assert.False(status.GetProperty("ready").GetBoolean());
        Assert.Equal(
            [("hank", 0), ("helen", 1), ("hilary", 2), ("holly", 3), ("hugo", 4)],
            status.GetProperty("peer_hubs").EnumerateArray().Select(hub => (hub.GetProperty("hub_name").GetString(), hub.GetProperty("share_index").GetInt32())));
        Assert.All(status.GetProperty("peer_hubs").EnumerateArray(), hub =>
        {
            Assert.False(hub.GetProperty("registered").GetBoolean());
            foreach (var (pool, owner) in new[] { ("local_pool", "local"), ("peer_pool", "peer") })
            {
                Assert.Equal(owner, hub.GetProperty(pool).GetProperty("owner").GetString());
                Assert.Equal(0, hub.GetProperty(pool).GetProperty("blocks").GetArrayLength());
            }
        });
    }

    [Fact]
    public async Task A_suspect_hub_shows_in_status_and_log()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);
        var (reputation, key) = (carol.Engine.Reputation, new Guid("01234567-89ab-4cde-8f01-23456789abcd"));

        reputation.Accuse(2, "dora", key);
        reputation.Accuse(2, "mike", key);

        Assert.Equal([2], await GetSuspectsAsync());
        Assert.Contains(carol.Log.Entries, entry => entry.Text.Contains($"hilary handed out a share that does not fit key {key} of dora", StringComparison.Ordinal));
        Assert.Single(carol.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Hub hilary is suspect", StringComparison.Ordinal));

        for (var i = 0; i < HubReputation.HonestShares; i++)
        {
            reputation.Confirm(2, i % 2 == 0 ? "dora" : "mike");
        }

        Assert.Empty(await GetSuspectsAsync());
        Assert.Single(carol.Log.Entries, entry => entry.Text.Contains("Hub hilary is no longer suspect", StringComparison.Ordinal));

        async Task<IEnumerable<int>> GetSuspectsAsync() => (await carol.GetStatusAsync()).GetProperty("peer_hubs").EnumerateArray()
            .Where(hub => hub.GetProperty("suspect").GetBoolean()).Select(hub => hub.GetProperty("share_index").GetInt32());
    }

    [Fact]
    public async Task A_client_without_hubs_is_alive_but_not_ready()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        Assert.Equal(HttpStatusCode.OK, (await carol.Client.GetAsync("/alive", Token)).StatusCode);
        var health = await carol.Client.GetAsync("/health", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("0 of 5 hubs usable, 3 needed", await health.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_of_key_delivery_says_what_can_be_had()
    {
        await using var carol = ClientNode.Start("carol", ["sam", "sara"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{carol.Root}/etsi/api/v1/keys/sara/status");
        request.Headers.TryAddWithoutValidation("Authorization", "sam");

        using var response = await carol.Client.SendAsync(request, Token);
        var status = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ("carol", "carol", "sam", "sara"),
            (Text("source_KME_ID"), Text("target_KME_ID"), Text("master_SAE_ID"), Text("slave_SAE_ID")));
        Assert.Equal(
            (256, 0, 128, 16_777_216, 128, 0),
            (Number("key_size"), Number("stored_key_count"), Number("max_key_per_request"), Number("max_key_size"), Number("min_key_size"), Number("max_SAE_ID_count")));
        Assert.True(Number("max_key_count") > 0);

        string? Text(string member) => status.GetProperty(member).GetString();
        int Number(string member) => status.GetProperty(member).GetInt32();
    }

    [Fact]
    public async Task Status_of_key_delivery_names_the_KME_that_the_configuration_does()
    {
        await using var carol = ClientNode.Start(
            "carol", ["sam"], null, null, ("Dske:Client:Directory:0:Name", "conny"), ("Dske:Client:Directory:0:Encryptors:0", "Sofia:1"), ("Dske:Client:Directory:1:Name", "curtis"));

        Assert.Equal("conny", (await GetAsync("Sofia:1")).GetProperty("target_KME_ID").GetString());
        Assert.Equal("curtis", (await GetAsync("curtis")).GetProperty("target_KME_ID").GetString());
        Assert.True((await GetAsync("sofia:1")).TryGetProperty("message", out _));

        async Task<JsonElement> GetAsync(string sae)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/keys/{Uri.EscapeDataString(sae)}/status");
            request.Headers.TryAddWithoutValidation("Authorization", "sam");
            using var response = await carol.Client.SendAsync(request, Token);
            return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        }
    }

    [Fact]
    public async Task A_fault_of_the_KME_is_503_in_the_standards_format_and_says_nothing_of_it()
    {
        await using var carol = ClientNode.Start(
            "carol", ["sam"], services => services.AddSingleton<KeyDelivery>(_ => throw new InvalidOperationException("a fault")));

        foreach (var path in (string[])["/api/v1/keys/sofia", carol.Root + "/etsi/api/v1/keys/sofia"])
        {
            using var response = await carol.Client.GetAsync(path + "/enc_keys", Token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.CacheControl?.NoStore);
            Assert.Equal("""{"message":"the KME has failed; its log says why"}""", await response.Content.ReadAsStringAsync(Token));
        }

        Assert.Contains(carol.Log.Faults, fault => fault.Contains("a fault", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("128", 0)]
    [InlineData("120", 1)]
    [InlineData("32", 1)]
    public async Task Keys_that_may_be_short_are_a_warning_at_start(string size, int warnings)
    {
        await using var carol = ClientNode.Start("carol", ["sam"], null, null, ("Dske:Client:Keys:MinSize", size));

        Assert.Equal(
            warnings,
            carol.Log.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Text.Contains($"Dske:Client:Keys:MinSize lets encryptors have keys of {size} bits", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Stop_stops_the_client_while_its_hubs_cannot_be_reached()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);
        var stopped = new TaskCompletionSource();
        carol.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(stopped.SetResult);

        using var response = await carol.Client.PostAsync($"{carol.Root}/mgmt/v1/stop", null, Token);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await stopped.Task.WaitAsync(Token);
    }
}
