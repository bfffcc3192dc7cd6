using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Console.Network;
using Dske.Protocol.Management;
using Microsoft.Extensions.Time.Testing;
using static Dske.Tests.Unit.Console.Network.Readings;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class HttpNodeReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Answers _answers = new();
    private readonly HttpClient _http;

    public HttpNodeReaderTests() => _http = new HttpClient(_answers);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_client_is_asked_for_health_and_links()
    {
        _answers.Set("http://localhost:3/health", HttpStatusCode.OK, "{}");
        _answers.Set(
            "http://localhost:3/client/carol/mgmt/v1/status",
            HttpStatusCode.OK,
            JsonSerializer.Serialize(AnswerOf("carol", LinkTo("hank")).Client!, ManagementJsonContext.Default.ClientReport));

        var reading = await ReadAsync("carol");

        Assert.Equal(NodeHealth.Ready, reading.Health);
        Assert.Equal("hank", Assert.Single(reading.Client!.PeerHubs).HubName);
    }

    [Fact]
    public async Task A_node_that_is_not_ready_says_why()
    {
        _answers.Set(
            "http://localhost:5/health",
            HttpStatusCode.ServiceUnavailable,
            """{"status":"Unhealthy","checks":{"self":{"status":"Healthy"},"kme":{"status":"Unhealthy","description":"The KME carol is not ready."}}}""");

        var reading = await ReadAsync("sam");

        Assert.Equal((NodeHealth.NotReady, "The KME carol is not ready."), (reading.Health, reading.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"checks":7}""")]
    [InlineData("""{"checks":{"x":{"description":7}}}""")]
    public async Task Nonsense_for_a_reason_is_none(string body)
    {
        _answers.Set("http://localhost:5/health", HttpStatusCode.ServiceUnavailable, body);

        var reading = await ReadAsync("sam");

        Assert.Equal((NodeHealth.NotReady, "It says that it is not ready."), (reading.Health, reading.Reason));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    public async Task A_hub_whose_status_is_nonsense_is_not_ready(string status)
    {
        _answers.Set("http://localhost:1/health", HttpStatusCode.OK, "{}");
        _answers.Set("http://localhost:1/hub/hank/mgmt/v1/status", HttpStatusCode.OK, status);

        var reading = await ReadAsync("hank");

        Assert.Equal((NodeHealth.NotReady, "It does not report its links."), (reading.Health, reading.Reason));
        Assert.Null(reading.Hub);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"hub_name":null}]""")]
    [InlineData("""[{"local_pool":null}]""")]
    [InlineData("""[{"local_pool":{"owner":"local","blocks":null}}]""")]
    [InlineData("""[{"local_pool":{"owner":"local","blocks":[null]}}]""")]
    [InlineData("""[{"local_pool":{"owner":"local","blocks":[BLOCK,BLOCK]}}]""")]
    [InlineData("""[{"local_pool":{"owner":"local","blocks":[{"uuid":"0b0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11","size":1,"nr_used_bytes":0,"nr_unused_bytes":9223372036854775807}]}}]""")]
    [InlineData("[{},{}]")]
    public async Task A_client_whose_links_are_nonsense_is_not_ready(string hubs)
    {
        _answers.Set("http://localhost:3/health", HttpStatusCode.OK, "{}");
        _answers.Set("http://localhost:3/client/carol/mgmt/v1/status", HttpStatusCode.OK, ClientStatus(hubs));

        Assert.Null((await ReadAsync("carol")).Client);
    }

    [Fact]
    public async Task What_all_of_that_nonsense_was_made_from_is_a_report()
    {
        _answers.Set("http://localhost:3/health", HttpStatusCode.OK, "{}");
        _answers.Set("http://localhost:3/client/carol/mgmt/v1/status", HttpStatusCode.OK, ClientStatus("""[{},{"hub_name":"helen"}]"""));

        Assert.Equal(2, (await ReadAsync("carol")).Client!.PeerHubs.Count);
    }

    /// <summary>Carol's status, with some members of its links replaced.</summary>
    private static string ClientStatus(string hubs)
    {
        var status = JsonSerializer.SerializeToNode(AnswerOf("carol", LinkTo("hank")).Client!, ManagementJsonContext.Default.ClientReport)!;
        var block = new JsonObject { ["uuid"] = Guid.Empty, ["size"] = 1, ["nr_used_bytes"] = 0, ["nr_unused_bytes"] = 1 };
        var replaced = JsonNode.Parse(hubs.Replace("BLOCK", block.ToJsonString(), StringComparison.Ordinal));
        if (replaced is JsonArray links)
        {
            replaced = new JsonArray([.. links.Select(link => link is null ? null : With(status["peer_hubs"]![0]!.DeepClone(), link.AsObject()))]);
        }

        status["peer_hubs"] = replaced;
        return status.ToJsonString();

        static JsonNode With(JsonNode link, JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                link[name] = value?.DeepClone();
            }

            return link;
        }
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_is_down()
    {
        var reading = await ReadAsync("sam");

        Assert.Equal((NodeHealth.Down, "It does not answer."), (reading.Health, reading.Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_node_that_hangs_is_down_in_time()
    {
        _answers.Hang("http://localhost:5/health");
        var reading = ReadAsync("sam");
        Assert.False(reading.IsCompleted);

        _time.Advance(HttpNodeReader.Timeout);

        Assert.Equal((NodeHealth.Down, "It has not answered within 2 s."), ((await reading).Health, (await reading).Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_end_of_the_wait_is_no_answer()
    {
        _answers.Hang("http://localhost:5/health");
        using var end = new CancellationTokenSource();
        var reading = new HttpNodeReader(_http, _time).ReadAsync(NodeOf("sam"), end.Token);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private Task<NodeReading> ReadAsync(string node) => new HttpNodeReader(_http, _time).ReadAsync(NodeOf(node), Cancellation);

    private sealed class Answers : HttpMessageHandler
    {
        private readonly Dictionary<string, (HttpStatusCode Status, string? Body)> _answers = [];

        public void Set(string url, HttpStatusCode status, string body) => _answers[url] = (status, body);

        public void Hang(string url) => _answers[url] = (HttpStatusCode.OK, null);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!_answers.TryGetValue(request.RequestUri!.AbsoluteUri, out var answer))
            {
                throw new HttpRequestException("Refused.");
            }

            if (answer.Body is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Body!) };
        }
    }
}
