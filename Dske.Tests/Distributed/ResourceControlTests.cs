using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Distributed;

/// <summary>Control of the nodes for other processes of the same user.</summary>
[Trait("Tier", "Distributed")]
[Collection(NetworkFixture.Collection)]
public sealed class ResourceControlTests : IDisposable
{
    private readonly NetworkFixture _network;
    private readonly HttpClient _client;

    public ResourceControlTests(NetworkFixture network)
    {
        _network = network;
        var control = JsonElement.Parse(File.ReadAllText(ControlFile));
        _client = new HttpClient { BaseAddress = new Uri(control.GetProperty("address").GetString()!) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", control.GetProperty("token").GetString());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ControlFile => Path.Combine(_network.DataDirectory, "control.json");

    public void Dispose() => _client.Dispose();

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task The_list_tells_every_node_with_kind_address_state_and_health()
    {
        var list = await _client.GetFromJsonAsync<JsonElement>("/resources", Cancellation);

        Assert.Equal(NetworkFixture.Nodes, list.EnumerateArray().Select(node => node.GetProperty("name").GetString()!));
        Assert.All(list.EnumerateArray(), node =>
        {
            var name = node.GetProperty("name").GetString()!;
            var kind = NetworkFixture.Hubs.Contains(name) ? "hub" : NetworkFixture.Clients.Contains(name) ? "client" : "encryptor";
            Assert.Equal(kind, node.GetProperty("kind").GetString());
            Assert.Equal(_network.Application.GetEndpoint(name), new Uri(node.GetProperty("url").GetString()!));
            Assert.Equal("Running", node.GetProperty("state").GetString());
            Assert.Equal("Healthy", node.GetProperty("health").GetString());
        });
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_node_is_stopped_started_and_restarted()
    {
        Assert.NotEqual("Running", await PostAsync("/resources/cindy/stop"));
        await _network.WaitUntilEndedAsync("cindy", Cancellation);

        await PostAsync("/resources/cindy/start");
        await _network.WaitUntilHealthyAsync(["cindy"], Cancellation);
        var first = _network.ProcessIdOf("cindy");

        // What runs is not started again.
        await PostAsync("/resources/cindy/start");
        Assert.Equal(first, _network.ProcessIdOf("cindy"));

        await PostAsync("/resources/cindy/restart");
        await _network.WaitUntilHealthyAsync(["cindy"], Cancellation);
        Assert.NotEqual(first, _network.ProcessIdOf("cindy"));
    }

    [Theory(Timeout = NetworkFixture.TestTimeout)]
    [InlineData(HttpStatusCode.NotFound, "POST", "/resources/nobody/stop")]
    [InlineData(HttpStatusCode.NotFound, "POST", "/resources/HANK/stop")]
    [InlineData(HttpStatusCode.NotFound, "POST", "/resources/hank/kill")]
    [InlineData(HttpStatusCode.NotFound, "GET", "/resources/hank")]
    [InlineData(HttpStatusCode.NotFound, "GET", "/")]
    [InlineData(HttpStatusCode.MethodNotAllowed, "GET", "/resources/hank/stop")]
    [InlineData(HttpStatusCode.MethodNotAllowed, "DELETE", "/resources")]
    [InlineData(HttpStatusCode.MethodNotAllowed, "GET", "/stop")]
    public async Task What_does_not_exist_is_refused(HttpStatusCode expected, string method, string path)
    {
        using var answer = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory(Timeout = NetworkFixture.TestTimeout)]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    public async Task Without_the_token_nothing_is_told_or_done(string? authorization)
    {
        foreach (string[] attempt in (string[][])[["GET", "/resources"], ["POST", "/resources/hank/stop"], ["POST", "/resources/nobody/stop"], ["POST", "/stop"]])
        {
            using var request = new HttpRequestMessage(new HttpMethod(attempt[0]), new Uri(_client.BaseAddress!, attempt[1]));
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var anyone = new HttpClient();
            using var answer = await anyone.SendAsync(request, Cancellation);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Theory(Timeout = NetworkFixture.TestTimeout)]
    [InlineData("Host", "attacker.example")]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "127.0.0.1:1")]
    [InlineData("Origin", "http://attacker.example")]
    [InlineData("Origin", "http://localhost:8105")]
    [InlineData("Origin", "null")]
    public async Task Requests_that_a_web_page_could_send_are_refused_even_with_the_token(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/resources/hank/stop");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public void The_file_with_the_token_is_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ControlFile));
#pragma warning restore CA1416
    }

    private async Task<string?> PostAsync(string path)
    {
        using var answer = await _client.PostAsync(path, null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("state").GetString();
    }
}
