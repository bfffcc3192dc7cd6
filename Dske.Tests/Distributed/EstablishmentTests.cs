using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Distributed;

[Trait("Tier", "Distributed")]
[Collection(NetworkFixture.Collection)]
public sealed class EstablishmentTests(NetworkFixture network)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Every_node_is_alive_and_shows_its_API_page()
    {
        foreach (var node in NetworkFixture.Nodes)
        {
            using var client = network.Application.CreateHttpClient(node);
            foreach (var path in (string[])["/alive", "/health", "/openapi/v1.json", "/scalar"])
            {
                using var answer = await client.GetAsync(path, Cancellation);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{node}{path}: {answer.StatusCode}");
            }
        }
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Any_two_encryptors_establish_a_key()
    {
        var pairs = from first in NetworkFixture.Encryptors from second in NetworkFixture.Encryptors where first != second select (first, second);

        var keys = await Task.WhenAll(pairs.Select(pair => network.EstablishAsync(pair.first, pair.second, Cancellation)));

        var ids = keys.Select(key => Assert.Single(key.GetProperty("keys").EnumerateArray()).GetProperty("key_ID").GetString());
        Assert.Equal(20, ids.Distinct().Count());
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task The_command_on_an_encryptor_establishes_a_key()
    {
        var before = await CountKeysAsync("serena");

        var result = await network.Application.ResourceCommands.ExecuteCommandAsync("serena", "establish-key-with-susan", Cancellation);

        Assert.True(result.Success, result.ErrorMessage);
        Assert.Equal(before + 1, await CountKeysAsync("serena"));
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Two_clients_deliver_the_same_key_to_equipment_that_speaks_ETSI_014()
    {
        using var carol = ClientFor("carol", "sam");
        using var conny = ClientFor("conny", "sofia");

        var master = await carol.GetFromJsonAsync<JsonElement>("/client/carol/etsi/api/v1/keys/sofia/enc_keys?size=256", Cancellation);
        var key = Assert.Single(master.GetProperty("keys").EnumerateArray());
        var slave = await conny.GetFromJsonAsync<JsonElement>(
            $"/client/conny/etsi/api/v1/keys/sam/dec_keys?key_ID={key.GetProperty("key_ID").GetString()}", Cancellation);

        var delivered = Assert.Single(slave.GetProperty("keys").EnumerateArray());
        Assert.Equal(key.GetProperty("key").GetBytesFromBase64(), delivered.GetProperty("key").GetBytesFromBase64());
        Assert.Equal(32, delivered.GetProperty("key").GetBytesFromBase64().Length);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_key_is_for_the_encryptor_that_was_named_and_for_no_other_at_its_client()
    {
        using var carol = ClientFor("carol", "sam");
        using var susan = ClientFor("curtis", "susan");
        using var sunny = ClientFor("curtis", "sunny");
        var made = await carol.GetFromJsonAsync<JsonElement>("/client/carol/etsi/api/v1/keys/sunny/enc_keys?size=256", Cancellation);
        var fetch = $"/client/curtis/etsi/api/v1/keys/sam/dec_keys?key_ID={made.GetProperty("keys")[0].GetProperty("key_ID").GetString()}";

        using var refused = await susan.GetAsync(fetch, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var served = await sunny.GetAsync(fetch, Cancellation);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    private HttpClient ClientFor(string client, string sae)
    {
        var http = network.Application.CreateHttpClient(client);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", sae);
        return http;
    }

    private async Task<int> CountKeysAsync(string encryptor)
    {
        using var client = network.Application.CreateHttpClient(encryptor);
        var list = await client.GetFromJsonAsync<JsonElement>($"/encryptor/{encryptor}/api/v1/keys", Cancellation);
        return list.GetProperty("keys").GetArrayLength();
    }
}
