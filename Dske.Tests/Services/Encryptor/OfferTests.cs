using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.KeyDelivery;

namespace Dske.Tests.Services.Encryptor;

/// <summary>The responder's side, offered keys by a test that holds them as sam would.</summary>
[Trait("Tier", "Services")]
public sealed class OfferTests
{
    private static readonly ConfirmationContext Parties = new(Guid.Empty, SaeId.Parse("sam"), SaeId.Parse("sofia"));

    [Fact]
    public async Task An_offer_is_answered_with_proofs_of_the_responders_own()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam"]);
        using var keys = await GetKeysAsync(kme, number: 2);

        var answer = await (await OfferAsync(sofia, MakeOffer(keys))).Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        var confirmed = answer.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(keys.Keys.Select(key => key.KeyId), confirmed.Select(key => key.GetProperty("key_ID").GetGuid()));
        Assert.All(keys.Keys.Zip(confirmed), pair =>
        {
            Assert.True(ConfirmationProof.Verify(
                ConfirmationRole.Responder,
                pair.First.Key,
                Parties with { KeyId = pair.First.KeyId },
                pair.Second.GetProperty("proof").GetBytesFromBase64()));
            Assert.Equal(KeyFingerprint.Of(pair.First.Key), pair.Second.GetProperty("fingerprint").GetString());
        });
        Assert.Equal(2, (await EncryptorPair.ListAsync(sofia, "sofia")).Count);
    }

    [Fact]
    public async Task An_offer_that_comes_again_changes_nothing()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam"]);
        using var keys = await GetKeysAsync(kme, number: 1);
        Assert.Equal(HttpStatusCode.OK, (await OfferAsync(sofia, MakeOffer(keys))).StatusCode);
        var before = await EncryptorPair.ListAsync(sofia, "sofia");

        await EncryptorPair.AssertProblemAsync(await OfferAsync(sofia, MakeOffer(keys)), HttpStatusCode.Conflict, "key-id-known");

        Assert.Equal(1, kme.DecRequests);
        Assert.Equal(before.Select(key => key.ToString()), (await EncryptorPair.ListAsync(sofia, "sofia")).Select(key => key.ToString()));
    }

    [Fact]
    public async Task An_offer_that_comes_twice_at_once_is_taken_up_once()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam"]);
        using var keys = await GetKeysAsync(kme, number: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OfferAsync(sofia, MakeOffer(keys))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, kme.DecRequests);
        Assert.Single(await EncryptorPair.ListAsync(sofia, "sofia"));
    }

    [Fact]
    public async Task A_wrong_proof_among_right_ones_spoils_the_offer()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam"]);
        using var keys = await GetKeysAsync(kme, number: 3);
        var offer = MakeOffer(keys, damaged: 1);

        await EncryptorPair.AssertProblemAsync(await OfferAsync(sofia, offer), HttpStatusCode.Conflict, "key-not-confirmed");

        Assert.Empty(await EncryptorPair.ListAsync(sofia, "sofia"));
    }

    [Fact]
    public async Task A_stranger_cannot_offer()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["serena"]);
        using var keys = await GetKeysAsync(kme, number: 1);

        await EncryptorPair.AssertProblemAsync(await OfferAsync(sofia, MakeOffer(keys)), HttpStatusCode.Forbidden, "unknown-peer");

        Assert.Equal(0, kme.DecRequests);
    }

    [Fact]
    public async Task One_peer_cannot_offer_what_another_was_given()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam", "serena"]);
        using var keys = await GetKeysAsync(kme, number: 1);

        await EncryptorPair.AssertProblemAsync(
            await OfferAsync(sofia, MakeOffer(keys) with { initiator = "serena" }), HttpStatusCode.BadRequest, "kme-refused");
    }

    [Fact]
    public async Task An_offer_of_keys_for_somebody_else_is_refused()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = EncryptorNode.Start("sofia", kme, ["sam"]);
        using var keys = await GetKeysAsync(kme, number: 1, slave: "susan");

        await EncryptorPair.AssertProblemAsync(await OfferAsync(sofia, MakeOffer(keys)), HttpStatusCode.Forbidden, "kme-unauthorized");
    }

    private static async Task<KeyContainer> GetKeysAsync(TestKme kme, int number, string slave = "sofia")
    {
        using var http = new HttpClient { BaseAddress = kme.Url };
        var client = new KeyDeliveryClient(http, new KeyDeliveryClientOptions { Caller = Parties.Initiator }, TimeProvider.System);
        return (await client.GetKeysAsync(SaeId.Parse(slave), number, 256, TestContext.Current.CancellationToken)).Value!;
    }

    private static TestOffer MakeOffer(KeyContainer keys, int? damaged = null) => new("sam", [.. keys.Keys.Select((key, i) =>
    {
        var proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key.Key, Parties with { KeyId = key.KeyId });
        proof[0] ^= (byte)(i == damaged ? 1 : 0);
        return new TestOfferedKey(key.KeyId, proof);
    })]);

    private static Task<HttpResponseMessage> OfferAsync(EncryptorNode node, TestOffer offer) =>
        node.Client.PostAsJsonAsync("/encryptor/sofia/api/v1/offers", offer, TestContext.Current.CancellationToken);

    private sealed record TestOffer(string initiator, IReadOnlyList<TestOfferedKey> keys);

    private sealed record TestOfferedKey(Guid key_ID, byte[] proof);
}
