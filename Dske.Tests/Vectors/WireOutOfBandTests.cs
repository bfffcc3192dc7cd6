using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dske.Client.Hosting;
using Dske.Client.HubAccess;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Vectors;

/// <summary>
/// Every out-of-band exchange of the reference's clients in <c>wire.json</c>, with our client in their place: it asks what they asked, over HTTP,
/// and makes of the recorded answers what they made of them.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class WireOutOfBandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData('A', 17, 33)]
    [InlineData('B', 2, 12)]
    public async Task A_client_asks_as_recorded_and_reads_what_was_answered(char letter, int registrations, int blocks)
    {
        var counts = (Registrations: 0, Blocks: 0);
        foreach (var (_, exchange) in WireVectors.Of(letter).ExchangesWithHubs.Where(exchange => exchange.Exchange.Request.Path.Contains("/oob/", StringComparison.Ordinal)))
        {
            var (name, hub) = (exchange.Sender, NodeName.Parse(exchange.Receiver));
            using var wire = new RecordedAnswer(exchange);
            using var transport = new HttpHubTransport(wire, Options.Create(OptionsOf(hub)), TimeProvider.System, NullLogger<HttpHubTransport>.Instance);
            if (exchange.Kind == "hub PUT registration" && MessageJson.TryRead<RegistrationRequest>(Encoding.UTF8.GetBytes(exchange.Request.Body), Dialect.Guide, out var request))
            {
                var reply = await transport.RegisterAsync(hub, request, Guid.Empty, "network", startOver: false, Cancellation);

                // It is no hub of ours, and says nothing that only ours say.
                Assert.Equal(new RegistrationReply(null, null), reply);
                Assert.Equal(exchange.Request.Body.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal), wire.Body);
                counts.Registrations++;
            }
            else if (TryReadPsrd(exchange, out var owner, out var size))
            {
                using var block = await transport.FetchPsrdAsync(hub, NodeName.Parse(name), owner, size, Dialect.Reference, Cancellation);

                Assert.Equal(exchange.Response.Status == 200, block is not null);
                Assert.Equal(exchange.Request.Query, wire.Query);
                if (block is not null)
                {
                    var recorded = WireVectors.Of(letter).PsrdBlocks.Single(candidate => candidate.BlockUuid == block.BlockUuid);
                    Assert.Equal(recorded.DataBase64, Convert.ToBase64String(block.Data.Span));
                }

                counts.Blocks++;
            }
            else
            {
                // Nothing that our clients would ever send.
                Assert.InRange(exchange.Response.Status, 400, 599);
                continue;
            }

            Assert.Equal(exchange.Request.Path, wire.Path);
        }

        Assert.Equal((registrations, blocks), counts);
    }

    private static bool TryReadPsrd(WireVectors.Exchange exchange, out PoolOwner owner, out int size)
    {
        (owner, size) = (default, 0);
        var query = System.Web.HttpUtility.ParseQueryString(exchange.Request.Query);
        return exchange.Kind == "hub GET psrd"
            && query["pool_owner"] is "client" or "hub"
            && Enum.TryParse(query["pool_owner"], ignoreCase: true, out owner)
            && int.TryParse(query["size"], out size)
            && size > 0;
    }

    private static ClientOptions OptionsOf(NodeName hub) => new() { Hubs = [new HubAddressOptions { Name = hub.Value, Url = $"http://localhost:1/hub/{hub}" }] };

    /// <summary>Gives the recorded answer, and keeps what was asked.</summary>
    private sealed class RecordedAnswer(WireVectors.Exchange exchange) : HttpMessageHandler, IHttpClientFactory
    {
        public string? Path { get; private set; }

        public string? Query { get; private set; }

        public string? Body { get; private set; }

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(exchange.Request.Method, request.Method.Method);
            Path = request.RequestUri!.AbsolutePath;
            Query = request.RequestUri.Query.TrimStart('?');
            Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var answer = new HttpResponseMessage((HttpStatusCode)exchange.Response.Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(exchange.Response.Body)) };
            answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return answer;
        }
    }
}
