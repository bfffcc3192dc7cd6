using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Services;

namespace Dske.Tests.Network;

/// <summary>SAE IDs that need percent-encoding survive paths, signed queries and bodies, from one KME to the other.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class SaeNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Names_with_blanks_and_reserved_characters_reach_the_other_end()
    {
        const string master = "site A/1 & 100% +sam?";
        const string slave = "site B=2;#sofia";
        await using var network = await LoopbackNetwork.StartAsync(master, slave);

        var made = await GetKeyAsync(network.Carol.Client, $"/client/carol/etsi/api/v1/keys/{Uri.EscapeDataString(slave)}/enc_keys", master);
        var id = made.GetProperty("key_ID").GetString();
        var fetched = await GetKeyAsync(
            network.Conny.Client, $"/client/conny/etsi/api/v1/keys/{Uri.EscapeDataString(master)}/dec_keys?key_ID={id}", slave);

        Assert.Equal(made.GetProperty("key").GetString(), fetched.GetProperty("key").GetString());
    }

    private static async Task<JsonElement> GetKeyAsync(HttpClient client, string path, string caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", caller);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
        var container = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return Assert.Single(container.GetProperty("keys").EnumerateArray());
    }
}
