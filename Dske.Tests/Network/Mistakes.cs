using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.Protocol.Secrets;
using Dske.Tests.Services.Hub;

namespace Dske.Tests.Network;

/// <summary>What a friend may get wrong with secrets in hand: messages that are authentic, or hold a key, and are refused.</summary>
/// <param name="network">The network.</param>
/// <param name="secrets">Is given every secret that the messages hold.</param>
internal sealed class Mistakes(LoopbackNetwork network, SecretSearch secrets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes all of them.</summary>
    /// <param name="token">Celia's enrolment token for the first hub.</param>
    /// <param name="operatorToken">The token of hubs and clients that stops them.</param>
    /// <returns>What the nodes answered, header and body.</returns>
    public async Task<IReadOnlyList<string>> MakeAsync(string token, string operatorToken)
    {
        var answers = new List<string>();
        answers.AddRange(await PostSharesAsync(token));
        answers.AddRange(await OfferAsync());
        answers.AddRange(await AskForKeysAsync());
        answers.AddRange(await ShowTokensAsync(token, operatorToken));
        return answers;
    }

    /// <summary>Another share under the same key ID, and one that cannot be read.</summary>
    private async Task<IReadOnlyList<string>> PostSharesAsync(string token)
    {
        var hank = network.Hubs[0];
        hank.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var celia = await HubCaller.EnrolAsync(hank, "celia", "serena");
        var key = SystemEntropySource.Instance.NextUuid();
        Assert.Equal(200, (await celia.SendAsync(celia.Post(key, "serena", "sofia", Draw()))).Status);
        var conflict = await celia.SendAsync(celia.Post(key, "serena", "sofia", Draw()));
        Assert.Equal(409, conflict.Status);
        foreach (var secret in celia.Secrets)
        {
            secrets.Add(secret);
        }

        return [$"{conflict.Signature} {Encoding(conflict.Body)}", await PostAsync(hank.Client, $"{hank.Root}/dske/api/v1/key-share", WithSecret("encrypted_share_value"), HttpStatusCode.Unauthorized)];

        static string Encoding(ReadOnlyMemory<byte> body) => System.Text.Encoding.UTF8.GetString(body.Span);
    }

    /// <summary>A key that sam and sofia do have, with a proof of another one; and a key in the place of its ID.</summary>
    private async Task<IReadOnlyList<string>> OfferAsync()
    {
        var (id, key) = await network.MakeAsync();
        secrets.Add(key);
        using var other = SecretBytes.CopyOf(Draw());
        var proof = ConfirmationProof.Compute(
            ConfirmationRole.Initiator, other, new ConfirmationContext(id, SaeId.Parse("sam"), SaeId.Parse("sofia")));
        var offers = $"{network.Sofia.Root}/api/v1/offers";
        return
        [
            await PostAsync(network.Sofia.Client, offers, JsonSerializer.Serialize(new { initiator = "sam", keys = new[] { new { key_ID = id, proof } } }), HttpStatusCode.Conflict),
            await PostAsync(network.Sofia.Client, offers, JsonSerializer.Serialize(new { initiator = "sam", keys = new[] { new { key_ID = Draw(), proof } } }), HttpStatusCode.BadRequest),
            await PostAsync(network.Sam.Client, $"{network.Sam.Root}/api/v1/keys", WithSecret("key"), HttpStatusCode.BadRequest),
        ];
    }

    /// <summary>A key that was delivered before, and keys where they do not belong.</summary>
    private async Task<IReadOnlyList<string>> AskForKeysAsync()
    {
        var (id, key) = await network.DeliverAsync();
        secrets.Add(key);
        var (enc, dec) = ($"{network.Carol.Root}/etsi/api/v1/keys/sofia/enc_keys", $"{network.Conny.Root}/etsi/api/v1/keys/sam/dec_keys");
        return
        [
            await PostAsync(network.Conny.Client, dec, JsonSerializer.Serialize(new { key_IDs = new[] { new { key_ID = id } } }), HttpStatusCode.BadRequest, "sofia"),
            await PostAsync(network.Conny.Client, dec, JsonSerializer.Serialize(new { key_IDs = new[] { new { key_ID = Draw() } } }), HttpStatusCode.BadRequest, "sofia"),
            await PostAsync(network.Conny.Client, dec, WithSecret("key"), HttpStatusCode.BadRequest, "sofia"),
            await PostAsync(network.Carol.Client, enc, WithSecret("size"), HttpStatusCode.BadRequest, "sam"),
            await PostAsync(network.Carol.Client, enc, WithSecret("key")[..^1], HttpStatusCode.BadRequest, "sam"),
            await PostAsync(network.Carol.Client, enc, "{}", HttpStatusCode.Unauthorized, "Bearer " + Convert.ToBase64String(Draw())),
        ];
    }

    /// <summary>Tokens that are right, where they are of no use.</summary>
    private async Task<IReadOnlyList<string>> ShowTokensAsync(string token, string operatorToken)
    {
        var (hank, helen) = (network.Hubs[0], network.Hubs[1]);
        using var fromElsewhere = new HttpRequestMessage(HttpMethod.Post, $"{helen.Root}/mgmt/v1/stop") { Headers = { { "Origin", "http://example.org" } } };
        fromElsewhere.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorToken);
        using var forAnother = new HttpRequestMessage(HttpMethod.Get, $"{helen.Root}/dske/oob/v1/psrd?client_name=celia&owner=hub&size=100");
        forAnother.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var unreadable = new HttpRequestMessage(HttpMethod.Put, $"{hank.Root}/dske/oob/v1/registration") { Content = JsonContent.Create(new { client_name = token }) };
        using var stop = new HttpRequestMessage(HttpMethod.Post, $"{hank.Root}/mgmt/v1/stop");
        stop.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorToken);
        return
        [
            await SendAsync(helen.Client, fromElsewhere, HttpStatusCode.Forbidden),
            await SendAsync(helen.Client, forAnother, HttpStatusCode.Unauthorized),
            await SendAsync(hank.Client, unreadable, HttpStatusCode.BadRequest),
            await SendAsync(hank.Client, stop, HttpStatusCode.Accepted),
        ];
    }

    private string WithSecret(string member) => JsonSerializer.Serialize(new Dictionary<string, byte[]> { [member] = Draw() });

    private byte[] Draw()
    {
        var secret = new byte[32];
        SystemEntropySource.Instance.Fill(secret);
        secrets.Add(secret);
        return secret;
    }

    private static Task<string> PostAsync(HttpClient client, string path, string body, HttpStatusCode expected, string? sae = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        if (sae is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", sae);
        }

        return SendAsync(client, request, expected);
    }

    private static async Task<string> SendAsync(HttpClient client, HttpRequestMessage request, HttpStatusCode expected)
    {
        using (request)
        {
            using var answer = await client.SendAsync(request, Cancellation);
            var body = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.StatusCode == expected, $"{request.Method} {request.RequestUri}: {answer.StatusCode} {body}");
            return $"{answer.Headers}\n{body}";
        }
    }
}
