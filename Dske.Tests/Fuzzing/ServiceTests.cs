using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Tests.Services.Client;
using Dske.Tests.Services.Encryptor;
using Dske.Tests.Services.Encryptor.Links;
using Dske.Tests.Services.Hub;

namespace Dske.Tests.Fuzzing;

/// <summary>Whole nodes: whatever bytes come in, no answer is a 500, nothing is an error in the log, and the node goes on as before.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class ServiceTests
{
    private const int Rounds = 100;
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Proof = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    // A protocol version or a transfer coding that the server does not know.
    private static readonly int[] NotImplemented = [501, 505];

    [Fact]
    public async Task A_hub_answers_whatever_comes()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        Assert.Equal(HubAnswerKind.Accepted, (await carol.SyncAsync()).Kind);
        var post = carol.Post(Guid.Parse(Id), "sam", "sara", new byte[32]);
        var (get, sync) = (carol.Get(Guid.Parse(Id), "sam", "sara"), carol.PrepareSync());
        RawRequest[] corpus =
        [
            new("PUT", $"{hub.Root}/dske/oob/v1/registration", """{"client_name":"cindy","encryptor_names":["sofia","zoë"]}""", Json, (DskeHeaders.Instance, Id), (DskeHeaders.Network, hub.Engine.NetworkHash)),
            new("GET", $"{hub.Root}/dske/oob/v1/psrd?client_name=carol&owner=client&size=512", null),
            new("POST", $"{hub.Root}/dske/api/v1/key-share?{post.Query}", Encoding.UTF8.GetString(post.Body.Span), Json, (SignatureHeader.Name, post.Signature)),
            new("GET", $"{hub.Root}/dske/api/v1/key-share?{get.Query}", null, (SignatureHeader.Name, get.Signature)),
            new("GET", $"{hub.Root}/dske/api/v1/sync?{sync.Query}", null, (SignatureHeader.Name, sync.Signature)),
            new("GET", $"{hub.Root}/mgmt/v1/status", null),
        ];

        // In the corpus and unchanged, these would be the client's own.
        await RunAsync("Hub", hub.Url, corpus, isKept: bytes => corpus[2..5].Any(own => own.ToBytes().AsSpan().SequenceEqual(bytes)));

        Assert.DoesNotContain(hub.Log.Faults, text => !text.Contains("means another network", StringComparison.Ordinal));
        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "sara", new byte[32]))).Kind);
    }

    [Fact]
    public async Task A_client_answers_whatever_comes()
    {
        await using var carol = ClientNode.Start("carol", ["sam", "sara"]);
        var keys = $"{carol.Root}/etsi/api/v1/keys/serena";
        var sam = ("Authorization", "sam");
        RawRequest[] corpus =
        [
            new("GET", $"{keys}/status", null, sam),
            new("GET", $"{keys}/enc_keys?number=2&size=256", null, sam),
            new("GET", $"{keys}/dec_keys?key_ID={Id}", null, sam),
            new("POST", $"{keys}/enc_keys", """{"number":2,"size":256,"additional_slave_SAE_IDs":[],"extension_optional":[{"a":{"b":1}}]}""", Json, sam),
            new("POST", $"{keys}/dec_keys", $$$"""{"key_IDs":[{"key_ID":"{{{Id}}}"}],"key_IDs_extension":{"x":[1]}}""", Json, sam),
            new("GET", "/capabilities", null),
            new("GET", "/key?remoteSystemID=conny&size=256", null),
            new("GET", $"/key/{Id.Replace("-", "")}?remoteSystemID=conny", null),
            new("GET", "/client/carol/skip/entropy?minentropy=512", null),
            new("GET", $"{carol.Root}/mgmt/v1/status", null),
        ];

        // 503: no hub is there, and none can be made to be there.
        await RunAsync("Client", carol.Url, corpus, mayAnswer: 503);

        Assert.Empty(carol.Log.Faults);
        Assert.Equal("carol", (await carol.GetStatusAsync()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_encryptor_answers_whatever_comes()
    {
        await using var pair = await EncryptorPair.StartAsync();
        const string Api = "/encryptor/sam/api/v1";
        RawRequest[] corpus =
        [
            new("POST", $"{Api}/keys", """{"peer":"sofia","size":256,"number":1}""", Json),
            new("POST", $"{Api}/offers", $$$"""{"initiator":"sofia","keys":[{"key_ID":"{{{Id}}}","proof":"{{{Proof}}}"}]}""", Json),
            new("POST", $"{Api}/offers", $$$"""{"initiator":"sofia","sink":"wg0","keys":[{"key_ID":"{{{Id}}}","proof":"{{{Proof}}}"}]}""", Json),
            new("GET", $"{Api}/keys", null),
            new("GET", $"{Api}/peers", null),
            new("GET", $"{Api}/sinks", null),
            new("GET", $"{Api}/links", null),
            new("PUT", $"{Api}/links/sofia", """{"cipher":"aes-256-gcm","roll_over_seconds":60,"max_key_age_seconds":3600}""", Json),
            new("DELETE", $"{Api}/links/sofia", null),
            new("POST", $"{Api}/links/sofia/epochs", "DSKL\u0001\u0001\u0001", ("Content-Type", "application/octet-stream")),
            new("GET", $"{Api}/links/sofia/streams", null),
            new("GET", $"{Api}/links/sofia/messages", null),
            new("PUT", $"{Api}/tunnels/web", $$$"""{"listen":"127.0.0.1:{{{LinkedPair.FreePort()}}}","peer":"sofia","target":"127.0.0.1:9002"}""", Json),
            new("DELETE", $"{Api}/tunnels/web", null),
        ];

        await RunAsync("Encryptor", pair.Sam.Url, corpus);

        Assert.DoesNotContain(pair.Sam.Log, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
        using var established = await pair.EstablishAsync(new { peer = "sofia" });
        Assert.True((await established.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("confirmed").GetBoolean());
    }

    private static (string Name, string Value) Json => ("Content-Type", "application/json");

    /// <summary>Changes requests part by part, and now and then as a whole, framing and all.</summary>
    private static Task RunAsync(string target, Uri url, IReadOnlyList<RawRequest> corpus, int mayAnswer = 0, Predicate<byte[]>? isKept = null) => Campaign.RunAsync(target, Rounds, async round =>
    {
        var good = round.Pick(corpus);
        var isRaw = round.OneIn(5);
        var request = isRaw
            ? round.Mutate("request", good.ToBytes(), [.. corpus.Select(other => other.ToBytes())])
            : round.Note("request", good.Change(round, corpus));
        if (isKept?.Invoke(request) == true)
        {
            return;
        }

        var status = await RawRequest.SendAsync(url, request, ends: isRaw);

        Assert.True(status is null or (>= 200 and < 500) || status == mayAnswer || (isRaw && NotImplemented.Contains(status.Value)), $"The answer was {status}.");
        Assert.True(isRaw || status is not null || request.Length > 4096, "There was no answer.");
    });
}
