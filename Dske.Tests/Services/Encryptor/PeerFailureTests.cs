using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.Secrets;
using Microsoft.AspNetCore.Http;

namespace Dske.Tests.Services.Encryptor;

/// <summary>What an encryptor answers when its peer fails, or lies, in each of the ways it can.</summary>
[Trait("Tier", "Services")]
public sealed class PeerFailureTests
{
    [Fact]
    public async Task A_peer_that_is_not_there_is_unreachable()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);
        var gone = await TestPeer.StartAsync(_ => Task.CompletedTask);
        await gone.DisposeAsync();
        sam.Discover("sofia", gone.Url);

        await AssertFailsAsync(sam, HttpStatusCode.BadGateway, "peer-unreachable");
    }

    [Fact]
    public async Task A_peer_that_does_not_know_this_encryptor_refuses()
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);
        await using var sofia = EncryptorNode.Start("sofia", kme, ["serena"]);
        sam.Discover("sofia", sofia.Url);

        var problem = await AssertFailsAsync(sam, HttpStatusCode.BadGateway, "peer-refused");

        Assert.Contains("'sam' is no peer", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, kme.DecRequests);
    }

    [Theory]
    [InlineData(200, "", "peer-bad-answer", 502)]
    [InlineData(200, "null", "peer-bad-answer", 502)]
    [InlineData(200, "{}", "peer-bad-answer", 502)]
    [InlineData(200, "{\"keys\":[]}", "peer-bad-answer", 502)]
    [InlineData(200, "{\"keys\":[null]}", "peer-bad-answer", 502)]
    [InlineData(200, "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"proof\":\"AAAA\",\"fingerprint\":\"00000000\"}]}", "peer-bad-answer", 502)]
    [InlineData(204, "", "peer-refused", 502)]
    [InlineData(302, "", "peer-refused", 502)]
    [InlineData(409, "{}", "peer-refused", 502)]
    [InlineData(409, "{\"type\":\"urn:dske:error:key-not-confirmed\"}", "key-not-confirmed", 409)]
    [InlineData(409, "{\"type\":\"urn:dske:error:key-id-known\",\"detail\":\"known\",\"more\":1}", "peer-refused", 502)]
    [InlineData(500, "<html>", "peer-refused", 502)]
    [InlineData(503, "{\"type\":5}", "peer-unavailable", 503)]
    public async Task What_a_peer_answers_has_a_status_of_its_own(int status, string body, string type, int expected)
    {
        await using var peer = await TestPeer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            if (body.Length > 0)
            {
                await context.Response.WriteAsync(body);
            }
        });

        await AssertFailsAsync(peer, (HttpStatusCode)expected, type);
    }

    [Fact]
    public async Task A_peers_answer_that_is_too_long_is_not_read()
    {
        await using var peer = await TestPeer.StartAsync(context => context.Response.WriteAsync(new string(' ', 200_000)));

        await AssertFailsAsync(peer, HttpStatusCode.BadGateway, "peer-bad-answer");
    }

    [Fact]
    public async Task A_peer_that_hangs_times_out()
    {
        await using var peer = await TestPeer.StartAsync(context =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

        await AssertFailsAsync(peer, HttpStatusCode.GatewayTimeout, "peer-timed-out", timeout: "00:00:01");
    }

    [Fact]
    public async Task A_peer_that_hangs_up_is_unreachable()
    {
        await using var peer = await TestPeer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await AssertFailsAsync(peer, HttpStatusCode.BadGateway, "peer-unreachable");
    }

    [Fact]
    public async Task A_peer_that_sends_our_own_proof_back_proves_nothing() =>
        await AssertLieAsync((offered, key) => (offered, KeyFingerprint.Of(key)));

    [Fact]
    public async Task A_peer_that_makes_a_proof_up_proves_nothing() =>
        await AssertLieAsync((_, key) => (new byte[32], KeyFingerprint.Of(key)));

    [Fact]
    public async Task A_peer_with_another_fingerprint_has_another_key() =>
        await AssertLieAsync((_, _) => (null, "00000000"));

    // The peer holds the key and answers a sound offer, except for what the test changes: null stands for the right proof.
    private static async Task AssertLieAsync(Func<byte[], SecretBytes, (byte[]? Proof, string Fingerprint)> lie)
    {
        await using var kme = await TestKme.StartAsync();
        await using var peer = await TestPeer.StartAsync(async context =>
        {
            var offer = await JsonNode.ParseAsync(context.Request.Body);
            using var key = SecretBytes.CopyOf(kme.Keys.Single());
            var id = offer!["keys"]![0]!["key_ID"]!.GetValue<Guid>();
            var (proof, fingerprint) = lie(offer["keys"]![0]!["proof"]!.GetValue<string>() is var text ? Convert.FromBase64String(text) : [], key);
            proof ??= ConfirmationProof.Compute(
                ConfirmationRole.Responder, key, new ConfirmationContext(id, SaeId.Parse("sam"), SaeId.Parse("sofia")));
            await context.Response.WriteAsJsonAsync(new { keys = new[] { new { key_ID = id, proof, fingerprint } } });
        });
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"]);
        sam.Discover("sofia", peer.Url);

        await AssertFailsAsync(sam, HttpStatusCode.Conflict, "key-not-confirmed");
    }

    // A peer that answers has all the time it wants.
    private static async Task AssertFailsAsync(TestPeer peer, HttpStatusCode status, string type, string timeout = "00:02:00")
    {
        await using var kme = await TestKme.StartAsync();
        await using var sam = EncryptorNode.Start("sam", kme, ["sofia"], null, ("PeerTimeout", timeout));
        sam.Discover("sofia", peer.Url);
        await AssertFailsAsync(sam, status, type);
    }

    private static async Task<JsonElement> AssertFailsAsync(EncryptorNode sam, HttpStatusCode status, string type)
    {
        var problem = await EncryptorPair.AssertProblemAsync(await EncryptorPair.EstablishAsync(sam, "sam", new { peer = "sofia" }), status, type);
        Assert.False(problem.GetProperty("confirmed").GetBoolean());
        Assert.Empty(await EncryptorPair.ListAsync(sam, "sam"));
        return problem;
    }
}
