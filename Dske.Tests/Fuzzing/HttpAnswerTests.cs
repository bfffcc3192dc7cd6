using System.Net;
using System.Text;
using Dske.Client.Hosting;
using Dske.Client.HubAccess;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Offers;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Fuzzing;

/// <summary>What the other end of an HTTP call can answer, to a client from its hubs and to an encryptor from its KME and its peers.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class HttpAnswerTests
{
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Proof = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private static readonly NodeName Hank = NodeName.Parse("hank");
    private static readonly NodeName Carol = NodeName.Parse("carol");
    private static readonly SaeId Sofia = SaeId.Parse("sofia");

    private static readonly byte[][] HubsAnswers =
    [
        MessageJson.Write(new RegistrationAnswer { HubName = "hank", Link = MessageTargets.Statement }, Dialect.Guide),
        MessageJson.Write(new RegistrationAnswer { HubName = "hank" }, Dialect.Guide),
        Encoding.ASCII.GetBytes($$"""{"block_uuid":"{{Id}}","data":"{{Convert.ToBase64String(new byte[512])}}"}"""),
        Encoding.ASCII.GetBytes("""{"type":"urn:dske:error:out-of-psrd","title":"None left.","status":503}"""),
    ];

    private static readonly byte[][] KmesAnswers =
    [
        Encoding.ASCII.GetBytes($$$"""{"keys":[{"key_ID":"{{{Id}}}","key":"{{{Proof}}}"}]}"""),
        Encoding.ASCII.GetBytes("""
            {"source_KME_ID":"carol","target_KME_ID":"","master_SAE_ID":"sam","slave_SAE_ID":"sofia","key_size":256,"stored_key_count":1,"max_key_count":2,
            "max_key_per_request":128,"max_key_size":65536,"min_key_size":64,"max_SAE_ID_count":0}
            """),
        Encoding.ASCII.GetBytes("""{"message":"too few hubs answered","details":[{"a":1}]}"""),
    ];

    private static readonly byte[][] PeersAnswers =
    [
        Encoding.ASCII.GetBytes($$$"""{"keys":[{"key_ID":"{{{Id}}}","proof":"{{{Proof}}}","fingerprint":"3f9a01c7"}]}"""),
        Encoding.ASCII.GetBytes("""{"type":"urn:dske:error:key-not-confirmed","title":"x","status":409,"detail":"The two do not hold the same key.","confirmed":false}"""),
    ];

    [Fact]
    public async Task Whatever_a_hub_answers_over_HTTP_the_client_goes_on()
    {
        var options = new ClientOptions { Name = "carol", Hubs = [new HubAddressOptions { Name = "hank" }, new HubAddressOptions { Name = "helen" }], Threshold = 2 };
        using var hubs = new GarblingServer(HubsAnswers);
        using var transport = new HttpHubTransport(hubs, Options.Create(options), TimeProvider.System, NullLogger<HttpHubTransport>.Instance);
        var request = new RegistrationRequest { ClientName = "carol", EncryptorNames = ["sam"] };
        var cancellation = TestContext.Current.CancellationToken;
        await Campaign.RunAsync("Answer of a hub over HTTP", 200, async round =>
        {
            hubs.Round = round;
            await transport.RegisterAsync(Hank, request, Guid.Empty, "00", startOver: false, cancellation);
            using var block = await transport.FetchPsrdAsync(Hank, Carol, PoolOwner.Hub, 512, Dialect.Guide, cancellation);
            await transport.SendAsync(Hank, new OutgoingRequest(false, "bind=1", default, "signature"), cancellation);
        });
    }

    [Fact]
    public async Task Whatever_a_KME_answers_over_HTTP_the_encryptor_goes_on()
    {
        using var kme = new GarblingServer(KmesAnswers);
        using var http = kme.CreateClient(string.Empty);
        var client = new KeyDeliveryClient(http, new KeyDeliveryClientOptions { Caller = SaeId.Parse("sam") }, TimeProvider.System);
        var cancellation = TestContext.Current.CancellationToken;
        await Campaign.RunAsync("Answer of a KME over HTTP", 200, async round =>
        {
            kme.Round = round;
            await client.GetStatusAsync(Sofia, cancellation);
            using var fresh = (await client.GetKeysAsync(Sofia, 1, 256, cancellation)).Value;
            Assert.All(fresh?.Keys ?? [], key => Assert.Equal(256, key.SizeBits));
            using var known = (await client.GetKeysWithIdsAsync(Sofia, [Guid.Parse(Id)], cancellation)).Value;
            Assert.All(known?.Keys ?? [], key => Assert.Equal(Id, $"{key.KeyId}"));
        });
    }

    [Fact]
    public async Task Whatever_a_peer_answers_over_HTTP_the_encryptor_goes_on()
    {
        using var peers = new GarblingServer(PeersAnswers);
        using var http = peers.CreateClient(string.Empty);
        var client = new PeerClient(http);
        var peer = new Peer(Sofia, new Uri("http://sofia.example/"));
        var offer = new Offer { Initiator = "sam", Keys = [new OfferedKey { KeyId = Guid.Parse(Id), Proof = Convert.FromBase64String(Proof) }] };
        await Campaign.RunAsync("Answer of a peer over HTTP", 400, async round =>
        {
            peers.Round = round;
            var result = await client.OfferAsync(peer, offer, TestContext.Current.CancellationToken);
            Assert.All(result.Succeeded ? result.Value.Keys : [], Assert.NotNull);
        });
    }

    /// <summary>Answers every request with something that is nearly good.</summary>
    private sealed class GarblingServer(byte[][] corpus) : HttpMessageHandler, IHttpClientFactory
    {
        private static readonly HttpStatusCode[] Statuses = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable, (HttpStatusCode)999];

        private static readonly (string Name, string Value)[] Headers =
        [
            (SignatureHeader.Name, $"{Id}:0:32;{Proof}"), (DskeHeaders.Instance, Id), (DskeHeaders.Network, new string('0', 64)), (DskeHeaders.PoolsReplaced, "1"),
            ("Retry-After", "1"), ("Retry-After", "Wed, 21 Oct 2065 07:28:00 GMT"), ("Location", "http://elsewhere.example/"), ("Set-Cookie", "a=b"),
        ];

        public FuzzRound Round { get; set; } = null!;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new Uri("http://node.example/") };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(Round.OneIn(3) ? Round.Pick(Statuses) : HttpStatusCode.OK)
            {
                RequestMessage = request,
                Content = new ByteArrayContent(Round.OneIn(4) ? Round.Pick(corpus) : Round.Mutate("body", corpus)),
            };
            foreach (var (name, value) in Headers.Where(_ => Round.OneIn(2)))
            {
                // No header has line breaks: the framing of messages is the platform's.
                response.Headers.TryAddWithoutValidation(name, (Round.OneIn(2) ? Round.MutateText(name, value, value) : value).ReplaceLineEndings(string.Empty));
            }

            return Task.FromResult(response);
        }
    }
}
