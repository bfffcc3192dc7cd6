using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.KeyDelivery;
using Microsoft.AspNetCore.Http;

namespace Dske.Tests.Services.Encryptor.Sinks;

/// <summary>Offers for a sink, made by a test that holds the keys as sam would, and by one that would like another key to go there.</summary>
[Trait("Tier", "Services")]
public sealed class SinkOfferTests : IDisposable
{
    private static readonly ConfirmationContext Parties = new(Guid.Empty, SaeId.Parse("sam"), SaeId.Parse("sofia"));

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-sinks-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task An_offer_for_a_sink_is_answered_with_a_proof_for_it_and_comes_once()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = Start(kme);
        using var keys = await GetKeyAsync(kme);
        var offer = MakeOffer(keys, "wg0", "sink/wg0");

        using var response = await OfferAsync(sofia, offer);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        await EncryptorPair.AssertProblemAsync(await OfferAsync(sofia, offer), HttpStatusCode.Conflict, "key-id-known");

        var proof = answer.GetProperty("keys")[0].GetProperty("proof").GetBytesFromBase64();
        var context = Parties with { KeyId = keys.Keys[0].KeyId };
        Assert.True(ConfirmationProof.Verify(ConfirmationRole.Responder, keys.Keys[0].Key, context with { Purpose = "sink/wg0" }, proof));
        Assert.False(ConfirmationProof.Verify(ConfirmationRole.Responder, keys.Keys[0].Key, context, proof));
        Assert.Equal(1, kme.DecRequests);
        await UntilAsync(sofia, "wg0", sink => SinkPair.RollOvers(sink) == 1);
        Assert.Equal(Convert.ToBase64String(kme.Keys.Single()) + "\n", await File.ReadAllTextAsync(In("wg0"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("wg0", "sink/wg1")]
    [InlineData("wg0", null)]
    [InlineData(null, "sink/wg0")]
    public async Task A_proof_for_one_purpose_is_none_for_another(string? claimed, string? proved)
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = Start(kme);
        using var keys = await GetKeyAsync(kme);

        await EncryptorPair.AssertProblemAsync(
            await OfferAsync(sofia, MakeOffer(keys, claimed, proved)), HttpStatusCode.Conflict, "key-not-confirmed");

        Assert.Empty(await EncryptorPair.ListAsync(sofia, "sofia"));
        Assert.All(await SinksAsync(sofia), sink => Assert.Equal("null", sink.GetProperty("waiting_key_ID").GetRawText()));
        Assert.Empty(_directory.GetFiles());
    }

    [Fact]
    public async Task An_offer_that_was_taken_up_for_one_purpose_does_nothing_for_another()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = Start(kme);
        using var keys = await GetKeyAsync(kme);
        Assert.Equal(HttpStatusCode.OK, (await OfferAsync(sofia, MakeOffer(keys, "wg0", "sink/wg0"))).StatusCode);

        foreach (var sink in new[] { "wg1", null })
        {
            await EncryptorPair.AssertProblemAsync(
                await OfferAsync(sofia, MakeOffer(keys, sink, "sink/wg0")), HttpStatusCode.Conflict, "key-id-known");
        }

        Assert.Equal(1, kme.DecRequests);
        Assert.Empty(await EncryptorPair.ListAsync(sofia, "sofia"));
    }

    [Fact]
    public async Task A_sink_of_another_peer_is_not_there()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = Start(kme);
        using var keys = await GetKeyAsync(kme);

        var problem = await EncryptorPair.AssertProblemAsync(
            await OfferAsync(sofia, MakeOffer(keys, "wg2", "sink/wg2")), HttpStatusCode.NotFound, "unknown-sink");

        Assert.StartsWith("'wg2' is no key sink of this encryptor with 'sam'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, kme.DecRequests);
    }

    [Fact]
    public async Task A_sink_is_in_one_exchange_at_a_time()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sofia = Start(kme);
        using var first = await GetKeyAsync(kme);
        using var second = await GetKeyAsync(kme);
        using var third = await GetKeyAsync(kme);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        kme.Interceptor = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("dec_keys", StringComparison.Ordinal) && asked.TrySetResult())
            {
                await go.Task;
            }

            return false;
        };
        var held = OfferAsync(sofia, MakeOffer(first, "wg0", "sink/wg0"));
        await asked.Task;

        using var refused = await OfferAsync(sofia, MakeOffer(second, "wg0", "sink/wg0"));
        await EncryptorPair.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await OfferAsync(sofia, MakeOffer(third, "wg1", "sink/wg1"))).StatusCode);

        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await OfferAsync(sofia, MakeOffer(second, "wg0", "sink/wg0"))).StatusCode);
    }

    private static async Task<IReadOnlyList<JsonElement>> SinksAsync(EncryptorNode node)
    {
        var list = await node.Client.GetFromJsonAsync<JsonElement>("/encryptor/sofia/api/v1/sinks", TestContext.Current.CancellationToken);
        return [.. list.GetProperty("sinks").EnumerateArray()];
    }

    private static async Task UntilAsync(EncryptorNode node, string name, Func<JsonElement, bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition((await SinksAsync(node)).Single(sink => sink.GetProperty("name").GetString() == name)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "Never came true.");
        }
    }

    private static async Task<KeyContainer> GetKeyAsync(TestKme kme)
    {
        using var http = new HttpClient { BaseAddress = kme.Url };
        var client = new KeyDeliveryClient(http, new KeyDeliveryClientOptions { Caller = Parties.Initiator }, TimeProvider.System);
        return (await client.GetKeysAsync(Parties.Responder, 1, 256, TestContext.Current.CancellationToken)).Value!;
    }

    private static Dictionary<string, object> MakeOffer(KeyContainer keys, string? sink, string? purpose)
    {
        var key = keys.Keys[0];
        var proof = ConfirmationProof.Compute(ConfirmationRole.Initiator, key.Key, Parties with { KeyId = key.KeyId, Purpose = purpose });
        var offer = new Dictionary<string, object> { ["initiator"] = "sam", ["keys"] = new[] { new { key_ID = key.KeyId, proof } } };
        if (sink is not null)
        {
            offer["sink"] = sink;
        }

        return offer;
    }

    private static Task<HttpResponseMessage> OfferAsync(EncryptorNode node, Dictionary<string, object> offer) =>
        node.Client.PostAsJsonAsync("/encryptor/sofia/api/v1/offers", offer, TestContext.Current.CancellationToken);

    private string In(string name) => Path.Combine(_directory.FullName, name);

    // With sinks wg0 and wg1 for sam, and wg2 for serena.
    private EncryptorNode Start(TestKme kme) => EncryptorNode.Start("sofia", kme, ["sam", "serena"], null, [.. Enumerable.Range(0, 3).SelectMany(i => new[]
    {
        ($"Sinks:{i}:Peer", i < 2 ? "sam" : "serena"), ($"Sinks:{i}:Name", $"wg{i}"), ($"Sinks:{i}:Kind", "File"), ($"Sinks:{i}:Path", In($"wg{i}")),
    })]);
}
