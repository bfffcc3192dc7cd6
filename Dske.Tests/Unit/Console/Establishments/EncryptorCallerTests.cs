using System.Net;
using System.Text;
using Dske.Console.Establishments;
using Dske.Console.Network;

namespace Dske.Tests.Unit.Console.Establishments;

[Trait("Tier", "Unit")]
public sealed class EncryptorCallerTests
{
    private const string Id = "0b0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11";

    private static readonly MonitoredNode Sam = new("sam", NodeKind.Encryptor, new Uri("http://127.0.0.1:8110"), "sam & co", "carol");
    private static readonly MonitoredNode Sofia = new("sofia", NodeKind.Encryptor, new Uri("http://127.0.0.1:8112"), "sofia", "conny");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_has_the_fingerprints_of_both_ends()
    {
        var encryptors = new Encryptors(
            (200, $$"""{"peer":"sofia","confirmed":true,"elapsed_ms":12.5,"keys":[{"key_ID":"{{Id}}","size":256,"fingerprint":"01234567","confirmed":true}]}"""),
            (200, $$"""{"keys":[{"key_ID":"{{Id}}","fingerprint":"01234567"},{"key_ID":"other","fingerprint":"89abcdef"}]}"""));

        var receipt = await new EncryptorCaller(encryptors).EstablishAsync(new KeyOrder(Sam, Sofia, 256, 1), Cancellation);

        Assert.Equal(new ReceivedKey(Id, 256, "01234567", "01234567"), Assert.Single(receipt.Keys));
        Assert.Equal((TimeSpan.FromMilliseconds(12.5), null, null), (receipt.Elapsed, receipt.Problem, receipt.TraceId));
        Assert.Equal(
            ["""POST http://127.0.0.1:8110/encryptor/sam%20%26%20co/api/v1/keys {"peer":"sofia","size":256,"number":1}""", "GET http://127.0.0.1:8112/encryptor/sofia/api/v1/keys "],
            encryptors.Requests);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(200, "no JSON")]
    [InlineData(200, """{"keys":[{}]}""")]
    [InlineData(200, """{"keys":7}""")]
    public async Task What_the_other_end_has_may_stay_unknown(int status, string answer)
    {
        var encryptors = new Encryptors((200, $$"""{"elapsed_ms":1,"keys":[{"key_ID":"{{Id}}","size":256,"fingerprint":"01234567"}]}"""), (status, answer));

        Assert.Null(Assert.Single((await new EncryptorCaller(encryptors).EstablishAsync(new KeyOrder(Sam, Sofia, 256, 1), Cancellation)).Keys).PeerFingerprint);
    }

    [Theory]
    [InlineData(503, """{"detail":"The KME cannot deliver keys right now.","traceId":"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"}""", "The KME cannot deliver keys right now.", "0123456789abcdef0123456789abcdef")]
    [InlineData(400, """{"detail":"Some values …","errors":{"size":["A key has bits."],"number":["One has keys."]}}""", "A key has bits. One has keys.", null)]
    [InlineData(500, """{"traceId":"short"}""", "It answers 500.", null)]
    [InlineData(502, "<html>", "sam gave an answer that is none of an encryptor.", null)]
    [InlineData(200, "{}", "sam gave an answer that is none of an encryptor.", null)]
    [InlineData(200, """{"keys":[],"elapsed_ms":1}""", "sam gave an answer without keys.", null)]
    [InlineData(200, "[]", "sam gave an answer that is none of an encryptor.", null)]
    [InlineData(0, "", "sam does not answer.", null)]
    public async Task A_failure_says_why(int status, string answer, string problem, string? trace)
    {
        var receipt = await new EncryptorCaller(new Encryptors((status, answer))).EstablishAsync(new KeyOrder(Sam, Sofia, 256, 1), Cancellation);

        Assert.Empty(receipt.Keys);
        Assert.Equal((problem, trace), (receipt.Problem, receipt.TraceId));
    }

    /// <summary>Answers one request after the other; status 0 is nobody.</summary>
    private sealed class Encryptors(params (int Status, string Body)[] answers) : HttpMessageHandler, IHttpClientFactory
    {
        private int _answered;

        public List<string> Requests { get; } = [];

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri} {(request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null)}");
            var (status, body) = answers[_answered++];
            return status == 0 ? throw new HttpRequestException("Nobody is there.")
                : new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
