using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>Links between encryptors that show each other certificates.</summary>
[Trait("Tier", "Services")]
public sealed class TlsLinkTests : IDisposable
{
    private readonly PairCertificates _certificates = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("aes-256-gcm")]
    [InlineData("one-time-pad")]
    public async Task Connections_and_messages_go_over_a_link(string cipher)
    {
        await using var pair = await LinkedPair.StartAsync(_certificates);
        Assert.Equal("https", pair.Sam.Url.Scheme);
        await pair.LinkAsync(new { cipher });
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        var sent = new byte[300_000];
        new Random(8).NextBytes(sent);
        var sending = TcpPeer.SendAsync(client, sent);
        Assert.Equal(sent, await TcpPeer.ReadAsync(client, sent.Length));
        await sending;

        using var posted = await pair.Sofia.Client.PostAsJsonAsync("/encryptor/sofia/api/v1/links/sam/messages", new { text = "hello" }, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
        var messages = await pair.Sam.Client.GetFromJsonAsync<JsonElement>("/encryptor/sam/api/v1/links/sofia/messages", Cancellation);
        Assert.Equal("hello", Assert.Single(messages.GetProperty("messages").EnumerateArray()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Keys_change_under_a_connection_that_is_open()
    {
        await using var pair = await LinkedPair.StartAsync(_certificates);
        await pair.LinkAsync(new { roll_over_seconds = 1 });
        using var service = new TcpPeer();
        _ = service.EchoAsync();
        using var client = await TcpPeer.ConnectAsync(await pair.TunnelAsync(service.Port));
        var epoch = await EpochAsync(pair);
        for (byte i = 0; await EpochAsync(pair) < epoch + 3; i++)
        {
            await TcpPeer.SendAsync(client, new[] { i });
            Assert.Equal([i], await TcpPeer.ReadAsync(client, 1));
        }

        var link = (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value;
        Assert.Empty(link.GetProperty("rejected").EnumerateObject());
    }

    [Fact]
    public async Task One_that_calls_as_somebody_else_gets_no_link()
    {
        _certificates.CallAs("sam", _certificates.Ours.Authority.IssueSae("serena"));
        await AssertNoLinkAsync("The peer answered 403");
    }

    [Fact]
    public async Task One_whom_another_CA_certifies_gets_no_link()
    {
        _certificates.CallAs("sam", _certificates.Theirs.Authority.IssueSae("sam"));
        await AssertNoLinkAsync("The peer cannot be reached.");
    }

    [Fact]
    public async Task One_that_serves_with_a_certificate_of_another_CA_is_told_nothing()
    {
        _certificates.Serve("sofia", _certificates.Theirs.Authority);
        await AssertNoLinkAsync("The peer cannot be reached.");
    }

    [Fact]
    public async Task What_is_between_sam_and_sofia_is_nobody_elses_to_open()
    {
        await using var pair = await LinkedPair.StartAsync(_certificates);
        await pair.LinkAsync();
        using var serena = _certificates.Connect(pair.Sofia.Url, "serena");

        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        await EncryptorPair.AssertProblemAsync(
            await serena.PostAsync("/encryptor/sofia/api/v1/links/sam/epochs", content, Cancellation), HttpStatusCode.Forbidden, "unknown-peer");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/encryptor/sofia/api/v1/links/sam/streams");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("dske-link"));
        await EncryptorPair.AssertProblemAsync(await serena.SendAsync(request, Cancellation), HttpStatusCode.Forbidden, "unknown-peer");
        var link = (await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"))!.Value;
        Assert.Equal(("up", 0), (link.GetProperty("state").GetString(), link.GetProperty("streams").GetInt32()));
    }

    // Sam goes on trying, and says why; sofia has not even asked her KME.
    private async Task AssertNoLinkAsync(string reason)
    {
        await using var pair = await LinkedPair.StartAsync(_certificates);
        using var asked = await LinkedPair.PutAsync(pair.Sam, "sam", "links/sofia", new { });
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        await LinkedPair.UntilAsync(
            async () => (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value.GetProperty("failures").GetInt64() > 1, "sam has tried twice");

        var link = (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value;
        Assert.Equal(("connecting", 0L), (link.GetProperty("state").GetString(), link.GetProperty("epoch").GetInt64()));
        Assert.StartsWith(reason, link.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, pair.Kme.DecRequests);
        Assert.Null(await LinkedPair.LinkAsync(pair.Sofia, "sofia", "sam"));
    }

    private static async Task<long> EpochAsync(LinkedPair pair) => (await LinkedPair.LinkAsync(pair.Sam, "sam", "sofia"))!.Value.GetProperty("epoch").GetInt64();
}
