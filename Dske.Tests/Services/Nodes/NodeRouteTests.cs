using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Nodes;

/// <summary>What the routes of hubs and clients go by: the name in the path.</summary>
[Trait("Tier", "Services")]
public sealed class NodeRouteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_refuses_another_name_before_it_reads_anything()
    {
        using var hub = StartHub();
        using var http = hub.CreateClient();

        using var registration = await http.PutAsJsonAsync("/hub/helen/dske/oob/v1/registration", "no registration", Cancellation);
        using var share = await http.GetAsync("/hub/helen/dske/api/v1/key-share", Cancellation);
        using var own = await http.GetAsync("/hub/hank/mgmt/v1/status", Cancellation);

        await AssertWrongNodeAsync(registration, "hank");
        await AssertWrongNodeAsync(share, "hank");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_client_refuses_another_name_in_the_words_of_the_route()
    {
        using var client = StartClient();
        using var http = client.CreateClient();

        using var management = await http.GetAsync("/client/conny/mgmt/v1/status", Cancellation);
        using var delivery = await http.GetAsync("/client/conny/etsi/api/v1/keys/sofia/status", Cancellation);

        await AssertWrongNodeAsync(management, "carol");
        Assert.Equal(HttpStatusCode.NotFound, delivery.StatusCode);
        Assert.Contains("'carol'", (await ReadAsync(delivery)).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("sofia")]
    [InlineData("SAE 2")]
    [InlineData("site/2")]
    [InlineData("Größe")]
    public async Task A_client_reads_any_SAE_ID_from_its_path(string saeId)
    {
        using var client = StartClient();
        using var http = client.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/client/carol/etsi/api/v1/keys/{Uri.EscapeDataString(saeId)}/status");
        request.Headers.TryAddWithoutValidation("Authorization", "carol");

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(saeId, (await ReadAsync(answer)).GetProperty("slave_SAE_ID").GetString());
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_says_so_and_stops()
    {
        using var hub = StartHub();
        using var http = hub.CreateClient();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = hub.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        using var answer = await http.PostAsync("/hub/hank/mgmt/v1/stop", content: null, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("""{"name":"hank","stopping":true}""", await answer.Content.ReadAsStringAsync(Cancellation));
        await stopping.Task.WaitAsync(Cancellation);
    }

    private static Node<HubOptions> StartHub() => Node<HubOptions>.Start(
        (HubOptions.Section, "Name", "hank"),
        (HubOptions.Section, "Hubs:0", "hank"),
        (HubOptions.Section, "Hubs:1", "helen"),
        (HubOptions.Section, "Threshold", "2"),
        (HubOptions.Section, "OutOfBand:Mode", "open"),
        (StorageOptions.Section, "InMemory", "true"));

    // Its hubs are nowhere: these tests do not get that far.
    private static Node<ClientOptions> StartClient() => Node<ClientOptions>.Start(
        (ClientOptions.Section, "Name", "carol"),
        (ClientOptions.Section, "Hubs:0:Name", "hank"),
        (ClientOptions.Section, "Hubs:0:Url", "http://127.0.0.1:1"),
        (ClientOptions.Section, "Hubs:1:Name", "helen"),
        (ClientOptions.Section, "Hubs:1:Url", "http://127.0.0.1:1"),
        (ClientOptions.Section, "Threshold", "2"),
        (ClientOptions.Section, "Directory:0:Name", "conny"),
        (ClientOptions.Section, "Directory:0:Encryptors:0", "sofia"),
        (ClientOptions.Section, "Directory:0:Encryptors:1", "SAE 2"),
        (ClientOptions.Section, "Directory:0:Encryptors:2", "site/2"),
        (ClientOptions.Section, "Directory:0:Encryptors:3", "Größe"),
        (StorageOptions.Section, "InMemory", "true"));

    private static async Task AssertWrongNodeAsync(HttpResponseMessage answer, string own)
    {
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var problem = await ReadAsync(answer);
        Assert.Equal("urn:dske:error:wrong-node", problem.GetProperty("type").GetString());
        Assert.Equal($"The path names another node. This one is '{own}'.", problem.GetProperty("detail").GetString());
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

    /// <summary>A node as it is, listening on a loopback port that the system chooses.</summary>
    private sealed class Node<TOptions> : WebApplicationFactory<TOptions>
        where TOptions : class
    {
        private readonly (string Section, string Key, string Value)[] _settings;

        private Node((string Section, string Key, string Value)[] settings)
        {
            _settings = settings;
            UseKestrel();
        }

        public static Node<TOptions> Start(params (string Section, string Key, string Value)[] settings)
        {
            var node = new Node<TOptions>(settings);
            node.StartServer();
            return node;
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0");
            builder.ConfigureLogging(logging => logging.ClearProviders());
            foreach (var (section, key, value) in _settings)
            {
                builder.UseSetting($"{section}:{key}", value);
            }
        }
    }
}
