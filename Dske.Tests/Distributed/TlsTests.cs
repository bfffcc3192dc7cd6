using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Services.Encryptor.Links;

namespace Dske.Tests.Distributed;

[Trait("Tier", "Distributed")]
[Collection(TlsNetwork.Collection)]
public sealed class TlsTests(TlsNetwork network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Two_encryptors_establish_a_key_and_nothing_goes_in_the_clear()
    {
        Assert.All(NetworkFixture.Nodes, node => Assert.Equal("https", network.Application.GetEndpoint(node).Scheme));

        await network.EstablishAsync("sam", "sofia", Cancellation);
        var command = await network.Application.ResourceCommands.ExecuteCommandAsync("serena", "establish-key-with-susan", Cancellation);

        Assert.True(command.Success, command.ErrorMessage);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Equipment_fetches_keys_with_certificates_alone()
    {
        using var sam = network.Connect("carol", "saes/sam");
        using var sofia = network.Connect("conny", "saes/sofia");

        var master = await sam.GetFromJsonAsync<JsonElement>("/client/carol/etsi/api/v1/keys/sofia/enc_keys", Cancellation);
        var key = Assert.Single(master.GetProperty("keys").EnumerateArray());
        var slave = await sofia.GetFromJsonAsync<JsonElement>($"/client/conny/etsi/api/v1/keys/sam/dec_keys?key_ID={key.GetProperty("key_ID").GetString()}", Cancellation);

        Assert.Equal(
            key.GetProperty("key").GetBytesFromBase64(), Assert.Single(slave.GetProperty("keys").EnumerateArray()).GetProperty("key").GetBytesFromBase64());
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task An_SAE_gets_no_key_of_another_whatever_it_claims()
    {
        using var sam = network.Connect("carol", "saes/sam");
        using var susan = network.Connect("curtis", "saes/susan");
        using var sunny = network.Connect("curtis", "saes/sunny");
        susan.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "sunny");
        var made = await sam.GetFromJsonAsync<JsonElement>("/client/carol/etsi/api/v1/keys/sunny/enc_keys", Cancellation);
        var fetch = $"/client/curtis/etsi/api/v1/keys/sam/dec_keys?key_ID={made.GetProperty("keys")[0].GetProperty("key_ID").GetString()}";

        using var refused = await susan.GetAsync(fetch, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.False(string.IsNullOrEmpty((await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("message").GetString()));
        using var served = await sunny.GetAsync(fetch, Cancellation);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory(Timeout = NetworkFixture.TestTimeout)]
    [InlineData("saes/serena")]
    [InlineData("nodes/carol")]
    [InlineData("nodes/sam")]
    [InlineData("operator")]
    public async Task Who_is_no_SAE_of_a_client_is_refused(string certificate)
    {
        using var http = network.Connect("carol", certificate);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "sam");

        using var refused = await http.GetAsync("/client/carol/etsi/api/v1/keys/sofia/status", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task An_encryptor_takes_offers_of_those_who_are_who_they_say()
    {
        using var serena = network.Connect("sofia", "saes/serena");
        var offer = new { initiator = "sam", keys = new[] { new { key_ID = "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f", proof = Convert.ToBase64String(new byte[32]) } } };

        using var refused = await serena.PostAsJsonAsync("/encryptor/sofia/api/v1/offers", offer, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_link_carries_a_tunnel_while_keys_change_and_is_nobody_elses()
    {
        using var sam = network.Application.CreateHttpClient("sam");
        using var service = new TcpPeer(9000, 9999);
        _ = service.EchoAsync();
        var listen = LinkedPair.FreePort();
        try
        {
            using var link = await sam.PutAsJsonAsync("/encryptor/sam/api/v1/links/sofia", new { roll_over_seconds = 1 }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, link.StatusCode);
            await LinkedPair.UntilAsync(async () => (await LinkAsync(sam)).GetProperty("state").GetString() == "up", "the link is up");
            var tunnel = new { listen = $"127.0.0.1:{listen}", peer = "sofia", target = $"127.0.0.1:{service.Port}" };
            using var made = await sam.PutAsJsonAsync("/encryptor/sam/api/v1/tunnels/tls", tunnel, Cancellation);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);

            using var connection = await TcpPeer.ConnectAsync(listen);
            var epoch = (await LinkAsync(sam)).GetProperty("epoch").GetInt64();
            for (byte i = 0; (await LinkAsync(sam)).GetProperty("epoch").GetInt64() < epoch + 2; i++)
            {
                await TcpPeer.SendAsync(connection, new[] { i });
                Assert.Equal([i], await TcpPeer.ReadAsync(connection, 1));
            }

            using var serena = network.Connect("sofia", "saes/serena");
            using var content = new ByteArrayContent([1, 2, 3]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var refused = await serena.PostAsync("/encryptor/sofia/api/v1/links/sam/epochs", content, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        finally
        {
            using var tunnelGone = await sam.DeleteAsync("/encryptor/sam/api/v1/tunnels/tls", CancellationToken.None);
            using var linkGone = await sam.DeleteAsync("/encryptor/sam/api/v1/links/sofia", CancellationToken.None);
        }
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Nobody_gets_in_without_a_certificate()
    {
        foreach (var node in (string[])["hank", "carol", "sam"])
        {
            using var http = network.ConnectWithoutCertificate(node);

            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/health", Cancellation));
        }
    }

    private static Task<JsonElement> LinkAsync(HttpClient sam) => sam.GetFromJsonAsync<JsonElement>("/encryptor/sam/api/v1/links/sofia", Cancellation);
}
