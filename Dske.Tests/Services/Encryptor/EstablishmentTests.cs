using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dske.Encryptor.Establishment;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Encryptor;

[Trait("Tier", "Services")]
public sealed class EstablishmentTests
{
    [Fact]
    public async Task Two_encryptors_hold_the_same_confirmed_key()
    {
        await using var pair = await EncryptorPair.StartAsync();

        var response = await pair.EstablishAsync(new { peer = "sofia" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(["peer", "confirmed", "keys", "elapsed_ms"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal("sofia", answer.GetProperty("peer").GetString());
        Assert.True(answer.GetProperty("confirmed").GetBoolean());
        Assert.True(answer.GetProperty("elapsed_ms").GetDouble() > 0);
        var key = Assert.Single(answer.GetProperty("keys").EnumerateArray());
        Assert.Equal(["key_ID", "size", "fingerprint", "confirmed"], key.EnumerateObject().Select(member => member.Name));
        Assert.Equal(256, key.GetProperty("size").GetInt32());
        Assert.True(key.GetProperty("confirmed").GetBoolean());
        using var delivered = SecretBytes.CopyOf(Assert.Single(pair.Kme.Keys));
        Assert.Equal(KeyFingerprint.Of(delivered), key.GetProperty("fingerprint").GetString());

        AssertHolds(pair.Sam, key.GetProperty("key_ID").GetGuid(), delivered);
        AssertHolds(pair.Sofia, key.GetProperty("key_ID").GetGuid(), delivered);
    }

    [Fact]
    public async Task Both_ends_list_the_key_each_in_its_role()
    {
        await using var pair = await EncryptorPair.StartAsync();
        await pair.EstablishAsync(new { peer = "sofia", size = 128 });
        await EncryptorPair.EstablishAsync(pair.Sofia, "sofia", new { peer = "sam", size = 512 });

        var sam = await EncryptorPair.ListAsync(pair.Sam, "sam");
        var sofia = await EncryptorPair.ListAsync(pair.Sofia, "sofia");

        Assert.Equal(["responder", "initiator"], sam.Select(key => key.GetProperty("role").GetString()!));
        Assert.Equal(["initiator", "responder"], sofia.Select(key => key.GetProperty("role").GetString()!));
        Assert.Equal([512, 128], sam.Select(key => key.GetProperty("size").GetInt32()));
        Assert.All(sam, key => Assert.Equal("sofia", key.GetProperty("peer").GetString()));
        Assert.All(sofia, key => Assert.Equal("sam", key.GetProperty("peer").GetString()));
        Assert.All(sam.Zip(sofia), keys =>
        {
            Assert.Equal(keys.First.GetProperty("key_ID").GetGuid(), keys.Second.GetProperty("key_ID").GetGuid());
            Assert.Equal(keys.First.GetProperty("fingerprint").GetString(), keys.Second.GetProperty("fingerprint").GetString());
            Assert.True(keys.First.GetProperty("confirmed").GetBoolean());
        });
    }

    [Theory]
    [InlineData(128, 1)]
    [InlineData(264, 2)]
    [InlineData(256, 128)]
    [InlineData(65_536, 3)]
    public async Task Several_keys_of_any_size_are_established_at_once(int size, int number)
    {
        await using var pair = await EncryptorPair.StartAsync();

        var response = await pair.EstablishAsync(new { peer = "sofia", size, number });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sam = await EncryptorPair.ListAsync(pair.Sam, "sam");
        var sofia = await EncryptorPair.ListAsync(pair.Sofia, "sofia");
        Assert.Equal(number, sam.Count);
        Assert.Equal(sam.Select(key => key.GetProperty("key_ID").GetGuid()), sofia.Select(key => key.GetProperty("key_ID").GetGuid()));
        Assert.All(sam, key => Assert.Equal(size, key.GetProperty("size").GetInt32()));
        Assert.Equal(1, pair.Kme.EncRequests);
        Assert.Equal(1, pair.Kme.DecRequests);
    }

    [Fact]
    public async Task Many_establishments_in_both_directions_at_once_all_succeed()
    {
        await using var pair = await EncryptorPair.StartAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => i % 2 == 0
            ? pair.EstablishAsync(new { peer = "sofia" })
            : EncryptorPair.EstablishAsync(pair.Sofia, "sofia", new { peer = "sam" })));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        var sam = (await EncryptorPair.ListAsync(pair.Sam, "sam")).Select(key => key.GetProperty("key_ID").GetGuid());
        var sofia = (await EncryptorPair.ListAsync(pair.Sofia, "sofia")).Select(key => key.GetProperty("key_ID").GetGuid());
        Assert.Equal(100, sam.Count());
        Assert.Equal(sam.Order(), sofia.Order());
    }

    [Fact]
    public async Task Identifiers_may_hold_anything_that_is_printable()
    {
        const string Sam = "sam/1 50% é€";
        const string Sofia = "https://sofia?#&+";
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start(Sofia, kme, [Sam], null, ("Peers:0:Url", "http://sam"));
        await using var sam = EncryptorNode.Start(Sam, kme, [Sofia], null, ("Peers:0:Url", sofia.Url.ToString()));

        var response = await EncryptorPair.EstablishAsync(sam, Uri.EscapeDataString(Sam), new { peer = Sofia });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Sam, Assert.Single(await EncryptorPair.ListAsync(sofia, Uri.EscapeDataString(Sofia))).GetProperty("peer").GetString());
    }

    [Fact]
    public async Task A_KME_with_the_standards_own_path_serves_as_well()
    {
        await using var pair = await EncryptorPair.StartAsync(null, ("Kme:Path", "/api/v1/keys"));

        Assert.Equal(HttpStatusCode.OK, (await pair.EstablishAsync(new { peer = "sofia" })).StatusCode);
    }

    [Fact]
    public async Task No_key_is_ever_logged_or_shown()
    {
        await using var pair = await EncryptorPair.StartAsync();
        var shown = new StringBuilder();
        for (var i = 0; i < 3; i++)
        {
            shown.Append(await (await pair.EstablishAsync(new { peer = "sofia", number = 5 })).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        shown.Append(string.Concat(await EncryptorPair.ListAsync(pair.Sam, "sam")));
        shown.Append(string.Concat(await EncryptorPair.ListAsync(pair.Sofia, "sofia")));
        shown.AppendJoin('\n', pair.Sam.Log).AppendJoin('\n', pair.Sofia.Log);
        var all = shown.ToString();

        Assert.True(pair.Sam.Log.Count() > 50, "Nothing was logged: the test would prove nothing.");
        Assert.Equal(15, pair.Kme.Keys.Count);
        Assert.All(pair.Kme.Keys, key =>
        {
            Assert.DoesNotContain(Convert.ToBase64String(key)[..20], all, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(key)[..20], all, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Peers_are_listed()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia", "serena"]);

        var peers = await sam.Client.GetStringAsync("/encryptor/sam/api/v1/peers", TestContext.Current.CancellationToken);

        Assert.Equal("""{"sae_ID":"sam","kme":"carol","peers":["serena","sofia"]}""", peers);
    }

    private static void AssertHolds(EncryptorNode node, Guid keyId, SecretBytes expected)
    {
        Assert.True(node.Services.GetRequiredService<KeyStore>().TryGet(keyId, out _, out var key));
        using (key)
        {
            Assert.True(key.FixedTimeEquals(expected));
        }
    }
}
