using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Services.Encryptor.Links;

[Trait("Tier", "Services")]
public sealed class LinkApiTests
{
    [Fact]
    public async Task A_link_is_made_shown_changed_and_taken_down()
    {
        await using var pair = await LinkedPair.StartAsync();
        Assert.Null(await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"));
        await pair.LinkAsync(new { cipher = "aes-256-gcm", roll_over_seconds = 30, max_key_age_seconds = 90 });
        var sam = (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value;
        var sofia = (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value;
        Assert.Equal(("initiator", true, 30), (sam.GetProperty("role").GetString(), sam.GetProperty("configured").GetBoolean(), sam.GetProperty("roll_over_seconds").GetInt32()));
        Assert.Equal(("responder", false), (sofia.GetProperty("role").GetString(), sofia.GetProperty("configured").GetBoolean()));
        Assert.Equal(sam.GetProperty("epoch").GetInt64(), sofia.GetProperty("epoch").GetInt64());

        // The end that was not asked for it does not end it; the other does, at both ends.
        await AssertProblemAsync(await DeleteAsync(pair.Sofia, "sofia", "links/sam"), HttpStatusCode.Conflict, "link-driven-by-peer");
        using var deleted = await DeleteAsync(pair.Sam, "sam", "links/sofia");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Null(await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"));
        Assert.Null(await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"));
    }

    [Fact]
    public async Task Asked_for_at_both_ends_the_lower_one_keeps_it()
    {
        await using var pair = await LinkedPair.StartAsync();
        using var second = await LinkedPair.PutAsync(pair.Sofia, "sofia", "links/sam", new { roll_over_seconds = 7 });
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await pair.UntilUpAsync();
        Assert.Equal("initiator", (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value.GetProperty("role").GetString());
        using var first = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { roll_over_seconds = 9 });
        await LinkedPair.UntilAsync(
            async () => (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value is var link && link.GetProperty("state").GetString() == "up" && link.GetProperty("role").GetString() == "initiator",
            "sam keeps the link");
        Assert.Equal("responder", (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value.GetProperty("role").GetString());
    }

    [Theory]
    [InlineData("links/sofia", """{"cipher":"rot13"}""", "invalid-request")]
    [InlineData("links/sofia", """{"roll_over_seconds":0}""", "invalid-request")]
    [InlineData("links/sofia", """{"roll_over_seconds":60,"max_key_age_seconds":60}""", "invalid-request")]
    [InlineData("links/sofia", """{"pad_bytes":1}""", "invalid-request")]
    [InlineData("links/sofia", """{"cypher":"aes-256-gcm"}""", "malformed-request")]
    [InlineData("links/sofia", "[]", "malformed-request")]
    [InlineData("tunnels/web", """{"listen":"0.0.0.0:1234","peer":"sofia","target":"127.0.0.1:1"}""", "invalid-request")]
    [InlineData("tunnels/web", """{"listen":"127.0.0.1","peer":"sofia","target":"127.0.0.1:1"}""", "invalid-request")]
    [InlineData("tunnels/web", """{"listen":"127.0.0.1:1234","peer":"sofia","target":"127.1:1"}""", "invalid-request")]
    [InlineData("tunnels/we b", """{"listen":"127.0.0.1:1234","peer":"sofia","target":"127.0.0.1:1"}""", "invalid-request")]
    [InlineData("tunnels/web", """{"listen":"127.0.0.1:1234","peer":"sofia"}""", "malformed-request")]
    [InlineData("links/sofia/messages", """{"text":""}""", "invalid-request")]
    public async Task Bad_input_is_a_400_and_changes_nothing(string path, string body, string type)
    {
        await using var pair = await LinkedPair.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(path.EndsWith("messages", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Put, $"/encryptor/sam/api/v1/{path}") { Content = content };
        await AssertProblemAsync(await pair.Sam.Client.SendAsync(request, TestContext.Current.CancellationToken), HttpStatusCode.BadRequest, type);
        Assert.Empty((await GetAsync(pair.Sam, "sam", "links")).GetProperty("links").EnumerateArray());
        Assert.Empty((await GetAsync(pair.Sam, "sam", "tunnels")).GetProperty("tunnels").EnumerateArray());
    }

    [Fact]
    public async Task What_is_not_there_is_a_404_and_what_cannot_be_a_409()
    {
        await using var pair = await LinkedPair.StartAsync();
        foreach (var path in new[] { "links/mallory", "links/sofia", "tunnels/web" })
        {
            using var deleted = await DeleteAsync(pair.Sam, "sam", path);
            Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
        }

        using var taken = new TcpPeer();
        var body = new { listen = $"127.0.0.1:{taken.Port}", peer = "sofia", target = "127.0.0.1:1" };
        await AssertProblemAsync(await LinkedPair.PutAsync(pair.Sam, "sam", "tunnels/web", body), HttpStatusCode.Conflict, "tunnel-not-made");
        Assert.Empty((await GetAsync(pair.Sam, "sam", "tunnels")).GetProperty("tunnels").EnumerateArray());

        // Nor is it there after a restart.
        await pair.RestartAsync("sam");
        Assert.Empty((await GetAsync(pair.Sam, "sam", "tunnels")).GetProperty("tunnels").EnumerateArray());
    }

    [Theory]
    [InlineData("aes-256-gcm")]
    [InlineData("one-time-pad")]
    public async Task Messages_go_over_the_link_in_both_directions(string cipher)
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync(new { cipher });
        var text = new string('ä', 5000);
        await SendAsync(pair.Sam, "sam", "sofia", text);
        await SendAsync(pair.Sofia, "sofia", "sam", "thanks");
        Assert.Equal(text, Assert.Single((await GetAsync(pair.Sofia, "sofia", "links/sam/messages")).GetProperty("messages").EnumerateArray()).GetProperty("text").GetString());
        var answer = Assert.Single((await GetAsync(pair.Sam, "sam", "links/sofia/messages")).GetProperty("messages").EnumerateArray());
        Assert.Equal(("sofia", "thanks"), (answer.GetProperty("from").GetString(), answer.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task The_kme_may_be_away_until_the_keys_are_too_old()
    {
        await using var pair = await LinkedPair.StartAsync();
        await pair.LinkAsync(new { roll_over_seconds = 1, max_key_age_seconds = 3600 });
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, """{"message":"away"}""");
        await LinkedPair.UntilAsync(async () => await StateAsync(pair.Sam, "sam", "sofia") == "stale", "sam knows that keys are old");
        await SendAsync(pair.Sam, "sam", "sofia", "still with the old key");

        // The same with keys that are too old soon: those that come from now on.
        pair.Kme.Interceptor = null;
        using var changed = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { roll_over_seconds = 1, max_key_age_seconds = 3 });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var rollOvers = await RollOversAsync(pair);
        await LinkedPair.UntilAsync(async () => await RollOversAsync(pair) > rollOvers + 1, "keys have changed");
        pair.Kme.Answer(HttpStatusCode.ServiceUnavailable, """{"message":"away"}""");
        await LinkedPair.UntilAsync(async () => await StateAsync(pair.Sam, "sam", "sofia") == "stopped", "the keys are too old");
        await LinkedPair.UntilAsync(async () => await StateAsync(pair.Sofia, "sofia", "sam") == "stopped", "sofia has stopped, too");
        Assert.Contains("too old", (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value.GetProperty("reason").GetString(), StringComparison.Ordinal);
        pair.Kme.Interceptor = null;
        using var restored = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { roll_over_seconds = 1, max_key_age_seconds = 3600 });
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        await pair.UntilUpAsync();
        await SendAsync(pair.Sam, "sam", "sofia", "with a new one");
    }

    private static async Task<long> RollOversAsync(LinkedPair pair) =>
        (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value.GetProperty("roll_overs").GetInt64();

    private static async Task<string?> StateAsync(EncryptorNode node, string saeId, string peer) =>
        (await LinkedPair.LinkAsync(node, saeId, peer))?.GetProperty("state").GetString();

    private static async Task SendAsync(EncryptorNode node, string saeId, string peer, string text)
    {
        using var sent = await node.Client.PostAsJsonAsync($"/encryptor/{saeId}/api/v1/links/{peer}/messages", new { text }, TestContext.Current.CancellationToken);
        Assert.True(sent.StatusCode == HttpStatusCode.NoContent, await sent.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static Task<JsonElement> GetAsync(EncryptorNode node, string saeId, string path) =>
        node.Client.GetFromJsonAsync<JsonElement>($"/encryptor/{saeId}/api/v1/{path}", TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> DeleteAsync(EncryptorNode node, string saeId, string path) =>
        node.Client.DeleteAsync($"/encryptor/{saeId}/api/v1/{path}", TestContext.Current.CancellationToken);

    private static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == status && text.Contains($"urn:dske:error:{type}\"", StringComparison.Ordinal), $"{(int)answer.StatusCode}: {text}");
        }
    }
}
