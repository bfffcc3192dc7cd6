using System.Text.Json;
using Dske.Client.Endpoints;
using Dske.Client.Hosting;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Dske.Tests.Network;
using Dske.Tests.Network.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services.Client;

/// <summary>SKIP at one client without hubs: what it says of itself, entropy, settings, and what happens when something fails.</summary>
[Trait("Tier", "Services")]
public sealed class SkipApiTests
{
    private const string Id = "bc4904197d60487fadc14ddcc177c139";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 256)]
    [InlineData("?minentropy=8", 8)]
    [InlineData("?minentropy=128", 128)]
    [InlineData("?MinEntropy=256", 256)]
    [InlineData("?minentropy=65536", 65_536)]
    public async Task Entropy_is_as_many_random_bits_as_were_asked_for(string query, int bits)
    {
        await using var carol = ClientNode.Start("carol", []);

        var (status, first) = await carol.GetSkipAsync($"/entropy{query}");
        var (_, second) = await carol.GetSkipAsync($"/entropy{query}");

        Assert.Equal(200, status);
        Assert.Equal(["randomStr", "minentropy"], first.EnumerateObject().Select(member => member.Name));
        Assert.Equal(bits, first.GetProperty("minentropy").GetInt32());
        Assert.Matches($"^[0-9a-f]{{{bits / 4}}}$", first.GetProperty("randomStr").GetString());
        Assert.True(bits < 128 || first.GetProperty("randomStr").GetString() != second.GetProperty("randomStr").GetString());
    }

    [Fact]
    public async Task Without_a_source_of_randomness_there_is_no_entropy_and_no_key()
    {
        await using var carol = ClientNode.Start("carol", [], more: ("Dske:Entropy:Source", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));

        foreach (var path in new[] { "/entropy", "/client/carol/skip/entropy?minentropy=8", "/key?remoteSystemID=conny" })
        {
            Assert.Contains("randomness", await carol.GetSkipRefusalAsync(path, 503), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_hubs_keys_are_unavailable_for_now()
    {
        await using var carol = ClientNode.Start("carol", []);

        foreach (var path in new[] { "/key?remoteSystemID=conny", $"/key/{Id}?remoteSystemID=conny" })
        {
            Assert.Contains("too few hubs", await carol.GetSkipRefusalAsync(path, 503), StringComparison.Ordinal);
            using var answer = await carol.Client.GetAsync(path, Token);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task System_IDs_may_be_as_long_as_names_of_clients()
    {
        var name = new string('c', NodeName.MaxLength);
        await using var client = ClientNode.Start(name, []);

        Assert.Equal(name, (await client.GetSkipAsync("/capabilities")).Body.GetProperty("localSystemID").GetString());
        await client.GetSkipRefusalAsync($"/key?remoteSystemID={new string('d', NodeName.MaxLength)}", 503);
    }

    [Fact]
    public async Task Remote_systems_are_those_of_the_settings()
    {
        await using var carol = ClientNode.Start(
            "carol", [], more: [("Dske:Client:Skip:RemoteSystems:0", "con*"), ("Dske:Client:Skip:RemoteSystems:1", "d[a-c]ve")]);

        var listed = (await carol.GetSkipAsync("/capabilities")).Body.GetProperty("remoteSystemID");

        Assert.Equal(["con*", "d[a-c]ve"], listed.EnumerateArray().Select(pattern => pattern.GetString()));
        foreach (var path in new[] { "/key", $"/key/{Id}" })
        {
            Assert.Contains("not among", await carol.GetSkipRefusalAsync($"{path}?remoteSystemID=celia", 400), StringComparison.Ordinal);
            Assert.Contains("not among", await carol.GetSkipRefusalAsync($"{path}?remoteSystemID=deve", 400), StringComparison.Ordinal);
            await carol.GetSkipRefusalAsync($"{path}?remoteSystemID=conny", 503);
            await carol.GetSkipRefusalAsync($"{path}?remoteSystemID=dave", 503);
        }
    }

    [Fact]
    public async Task Sizes_are_those_of_the_settings()
    {
        await using var carol = ClientNode.Start("carol", [], more: [("Dske:Client:Keys:MinSize", "256"), ("Dske:Client:Keys:MaxSize", "512")]);

        foreach (var size in new[] { 248, 520 })
        {
            Assert.Contains("256 to 512", await carol.GetSkipRefusalAsync($"/key?remoteSystemID=conny&size={size}", 400), StringComparison.Ordinal);
        }

        await carol.GetSkipRefusalAsync("/key?remoteSystemID=conny&size=512", 503);
    }

    [Fact]
    public async Task A_client_that_does_not_serve_SKIP_has_none_of_its_paths()
    {
        await using var carol = ClientNode.Start("carol", [], more: ("Dske:Client:Skip:Enabled", "false"));

        foreach (var path in new[] { "/capabilities", "/key?remoteSystemID=conny", $"/key/{Id}?remoteSystemID=conny", "/entropy", "/client/carol/skip/capabilities" })
        {
            await carol.GetSkipRefusalAsync(path, 404);
        }

        Assert.DoesNotContain("/entropy", await carol.Client.GetStringAsync("/openapi/v1.json", Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "true", true)]
    [InlineData("1", "false", false)]
    [InlineData("", "true", false)]
    public async Task A_port_for_a_front_that_the_node_does_not_listen_on_is_warned_of(string port, string isEnabled, bool isWarned)
    {
        await using var carol = ClientNode.Start("carol", ["sam"], more: [("Dske:Client:Skip:FrontPort", port), ("Dske:Client:Skip:Enabled", isEnabled)]);

        // The node says so once it has started, which may be a moment after its first answers.
        var warnings = carol.Log.Entries.Where(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Skip:FrontPort is 1,", StringComparison.Ordinal));
        if (isWarned)
        {
            await Eventually.TrueAsync(warnings.Any, "the warning is there");
        }

        Assert.Equal(isWarned ? 1 : 0, warnings.Count());
        Assert.All(warnings, warning => Assert.Contains(carol.Url.Authority, warning.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(9105, true, "http://127.0.0.1:8105", "http://127.0.0.1:9105")]
    [InlineData(9105, true, "http://[::1]:9105")]
    [InlineData(9105, true, "https://[::]:9105")]
    [InlineData(80, true, "http://localhost")]
    [InlineData(9105, false, "http://127.0.0.1:8105", "http://127.0.0.1:9104")]
    [InlineData(80, false, "http://unix:/run/dske.sock")]
    [InlineData(9105, false)]
    public void A_port_is_looked_for_among_addresses(int port, bool isAmong, params string[] addresses) => Assert.Equal(isAmong, SkipFront.IsAmong(port, addresses));

    [Fact]
    public async Task The_port_for_a_front_serves_SKIP_and_nothing_else()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);
        await carol.GetSkipAsync("/capabilities"); // Reads the API document too, while the port still serves it.
        carol.Services.GetRequiredService<IOptions<ClientOptions>>().Value.Skip.FrontPort = carol.Url.Port;

        foreach (var path in new[] { "/capabilities", "/client/carol/skip/capabilities", "/entropy" })
        {
            Assert.Equal(200, (await carol.GetSkipAsync(path)).Status);
        }

        string[] others =
        [
            "/health", "/alive", "/openapi/v1.json", "/scalar/", "/client/carol/mgmt/v1/status", "/client/carol/etsi/api/v1/keys/sofia/status", "/keys", "/client/skip",
            "/client/carol/skip/../mgmt/v1/status", "/client/carol/skip%2F../mgmt/v1/status", "/client/skip/mgmt/v1/status", "/key/../client/carol/mgmt/v1/status",
        ];
        foreach (var path in others)
        {
            await AssertNotFoundAsync(new HttpRequestMessage(HttpMethod.Get, Raw(carol, path)));
        }

        await AssertNotFoundAsync(new HttpRequestMessage(HttpMethod.Post, Raw(carol, "/client/carol/mgmt/v1/stop")));

        async Task AssertNotFoundAsync(HttpRequestMessage request)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "sam");
            using (request)
            using (var answer = await carol.Client.SendAsync(request, Token))
            {
                Assert.True((int)answer.StatusCode == 404, $"{request.RequestUri} {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_fault_is_a_500_that_says_nothing_of_it()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Client:Name"] = "carol",
            ["Dske:Client:Threshold"] = "2",
            ["Dske:Client:Hubs:0:Name"] = "hank",
            ["Dske:Client:Hubs:1:Name"] = "helen",
            ["Dske:Client:Hubs:0:Url"] = "http://127.0.0.1:1",
            ["Dske:Client:Hubs:1:Url"] = "http://127.0.0.1:1",
            ["Dske:Storage:InMemory"] = "true",
        };
        await using var carol = LoopbackNode<ClientOptions>.Start(
            "/client/carol", settings, services => services.Replace(ServiceDescriptor.Singleton<IRemoteSystems, FaultyRemoteSystems>()));

        foreach (var path in new[] { "/capabilities", "/client/carol/skip/capabilities", "/key?remoteSystemID=conny" })
        {
            Assert.DoesNotContain("broken", await carol.GetSkipRefusalAsync(path, 500), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task The_only_verb_is_GET(string verb)
    {
        await using var carol = ClientNode.Start("carol", []);

        foreach (var path in new[] { "/capabilities", "/key?remoteSystemID=conny", $"/key/{Id}?remoteSystemID=conny", "/entropy" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path);
            using var answer = await carol.Client.SendAsync(request, Token);
            Assert.Equal((405, "GET"), ((int)answer.StatusCode, Assert.Single(answer.Content.Headers.Allow)));
        }
    }

    [Fact]
    public async Task A_key_is_wiped_once_it_is_served_or_its_encryptor_is_gone()
    {
        foreach (var isGone in new[] { false, true })
        {
            var key = SecretBytes.CopyOf([1, 2, 3, 4]);
            using var keys = new KeyContainer([new DeliveredKey(Guid.Empty, key)]);
            using var sent = new MemoryStream();
            var context = new DefaultHttpContext { Response = { Body = sent }, RequestAborted = new CancellationToken(isGone) };

            var served = await Record.ExceptionAsync(() => SkipAnswers.Of(new KeyResult(KeyOutcome.Ok, keys)).ExecuteAsync(context));

            Assert.Equal(isGone, served is OperationCanceledException);
            Assert.Equal(isGone ? "" : """{"keyId":"00000000000000000000000000000000","key":"01020304"}""", System.Text.Encoding.UTF8.GetString(sent.ToArray()));
            Assert.Throws<ObjectDisposedException>(() => key.Span.Length);
        }
    }

    [Theory]
    [InlineData(KeyOutcome.SlaveSaeUnknown, 400)]
    [InlineData(KeyOutcome.NotFound, 400)]
    [InlineData(KeyOutcome.NotYours, 400)]
    [InlineData(KeyOutcome.Unavailable, 503)]
    [InlineData(KeyOutcome.EntropyUnavailable, 503)]
    public async Task Every_outcome_has_its_status_and_a_message(KeyOutcome outcome, int status)
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var sent = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = sent }, RequestServices = services };

        await SkipAnswers.Of(new KeyResult(outcome, null)).ExecuteAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.NotEmpty(JsonElement.Parse(sent.ToArray()).GetProperty("message").GetString()!);
    }

    private static Uri Raw(ClientNode node, string path)
        => new(node.Url.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private sealed class FaultyRemoteSystems : IRemoteSystems
    {
        public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public bool Include(NodeName remote) => throw new InvalidOperationException("broken");
    }
}
