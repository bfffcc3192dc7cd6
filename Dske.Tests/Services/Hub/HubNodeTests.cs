using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol;
using Dske.Protocol.Clients;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.Tests.Services.Hub;

/// <summary>A hub over HTTP: what it serves, shows, and logs.</summary>
[Trait("Tier", "Services")]
public sealed class HubNodeTests
{
    private static readonly byte[] Share = SHA256Of("share");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_share_passes_over_HTTP()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");
        using var celia = await HubCaller.EnrolAsync(hub, "celia", "serena");
        var id = SystemEntropySource.Instance.NextUuid();

        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(id, "sam", "serena", Share))).Kind);
        var reply = await celia.ExchangeAsync(celia.Get(id, "sam", "serena"));

        Assert.Equal(HubAnswerKind.Accepted, reply.Kind);
        using var share = reply.Share!;
        Assert.Equal(Share, share.Value.Span.ToArray());
    }

    [Fact]
    public async Task The_largest_share_passes_over_HTTP()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", 3 * 1024 * 1024, "sam", "sara");
        var id = SystemEntropySource.Instance.NextUuid();
        var large = new byte[KeySizes.MaxBytes];
        SystemEntropySource.Instance.Fill(large);

        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(id, "sam", "sara", large))).Kind);
        var reply = await carol.ExchangeAsync(carol.Get(id, "sam", "sara"));

        using var share = reply.Share!;
        Assert.Equal(large, share.Value.Span.ToArray());
    }

    [Fact]
    public async Task Management_status_has_the_members_of_the_reference()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "sara", Share));

        var status = await hub.GetStatusAsync();

        Assert.Equal("hank", status.GetProperty("name").GetString());
        var client = Assert.Single(status.GetProperty("peer_clients").EnumerateArray());
        Assert.Equal("carol", client.GetProperty("client_name").GetString());
        Assert.Equal(["sam", "sara"], client.GetProperty("encryptor_names").EnumerateArray().Select(name => name.GetString()));
        foreach (var (pool, owner, used) in new[] { ("local_pool", "local", 32), ("peer_pool", "peer", 64) })
        {
            Assert.Equal(owner, client.GetProperty(pool).GetProperty("owner").GetString());
            var block = Assert.Single(client.GetProperty(pool).GetProperty("blocks").EnumerateArray());
            Assert.True(block.GetProperty("uuid").TryGetGuid(out _));
            Assert.Equal(16 * 1024, block.GetProperty("size").GetInt32());
            Assert.Equal(used, block.GetProperty("nr_used_bytes").GetInt32());
            Assert.Equal((16 * 1024) - used, block.GetProperty("nr_unused_bytes").GetInt32());
        }

        var share = Assert.Single(status.GetProperty("shares").EnumerateArray());
        Assert.Equal("sam", share.GetProperty("master_sae_id").GetString());
        Assert.Equal("sara", share.GetProperty("slave_sae_id").GetString());
    }

    [Fact]
    public async Task Neither_status_nor_log_shows_a_secret()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        var id = SystemEntropySource.Instance.NextUuid();
        await carol.ExchangeAsync(carol.Post(id, "sam", "sara", Share));
        using var share = (await carol.ExchangeAsync(carol.Get(id, "sam", "sara"))).Share;
        await carol.SendAsync(carol.Get(id, "sam", "nobody") with { Signature = "nonsense" });

        var emitted = string.Join('\n', hub.Log.Entries.Select(entry => entry.Text).Append(await hub.GetStatusTextAsync()));

        Assert.Contains("key-share", emitted, StringComparison.Ordinal);
        Assert.All(carol.Secrets, secret => AssertAbsent(secret, emitted));
    }

    [Fact]
    public async Task Answers_with_secrets_are_not_to_be_stored()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");

        using var response = await hub.Client.GetAsync($"{hub.Root}/dske/oob/v1/psrd?client_name=carol&owner=hub&size=100", Token);

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("owner=client")]
    [InlineData("owner=HUB")]
    [InlineData("pool_owner=client")]
    [InlineData("pool_owner=Hub")]
    public async Task Either_dialect_names_the_owner_of_a_block(string owner)
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol");

        var block = await hub.Client.GetFromJsonAsync<JsonElement>($"{hub.Root}/dske/oob/v1/psrd?client_name=carol&{owner}&size=100", Token);

        Assert.Equal(["block_uuid", "data"], block.EnumerateObject().Select(member => member.Name));
        var pool = owner.EndsWith("client", StringComparison.OrdinalIgnoreCase) ? "peer_pool" : "local_pool";
        var client = (await hub.GetStatusAsync()).GetProperty("peer_clients")[0];
        Assert.Equal(2, client.GetProperty(pool).GetProperty("blocks").GetArrayLength());
    }

    [Fact]
    public async Task Registration_answers_with_what_ours_need_and_what_the_guide_says()
    {
        await using var hub = HubNode.Start();

        using var response = await hub.Client.PutAsJsonAsync(
            $"{hub.Root}/dske/oob/v1/registration", new { client_name = "foreign", encryptor_names = new[] { "fritz" } }, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"hub_name":"hank"}""", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(hub.Engine.Instance.ToString(), Assert.Single(response.Headers.GetValues("DSKE-Instance")));
        Assert.Equal(hub.Engine.NetworkHash, Assert.Single(response.Headers.GetValues("DSKE-Network")));
        Assert.False((await hub.GetStatusAsync()).GetProperty("peer_clients")[0].GetProperty("native").GetBoolean());
    }

    [Fact]
    public async Task Stop_stops_the_hub()
    {
        await using var hub = HubNode.Start();
        var stopped = new TaskCompletionSource();
        hub.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(stopped.SetResult);

        using var response = await hub.Client.PostAsync($"{hub.Root}/mgmt/v1/stop", null, Token);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("hank", (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("name").GetString());
        await stopped.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task Health_is_ready_once_the_hub_is_up()
    {
        await using var hub = HubNode.Start();

        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/health", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync("/alive", Token)).StatusCode);
    }

    private static void AssertAbsent(byte[] secret, string text)
    {
        // Eight bytes anywhere would be a leak; at the beginning, in the middle and at the end they would show up first.
        foreach (var start in new[] { 0, secret.Length / 2 / 3 * 3, secret.Length - 9 })
        {
            var part = secret.AsSpan(start, 9);
            Assert.DoesNotContain(Convert.ToHexString(part), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(secret.AsSpan(start / 3 * 3, 9)), text, StringComparison.Ordinal);
        }
    }

    private static byte[] SHA256Of(string text) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
}
