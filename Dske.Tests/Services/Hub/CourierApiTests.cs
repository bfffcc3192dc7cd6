using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Protocol.Courier;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.Courier;

namespace Dske.Tests.Services.Hub;

/// <summary>How a hub makes files for couriers: for its operator alone, and so that what breaks off leaves nothing.</summary>
[Trait("Tier", "Services")]
public sealed class CourierApiTests : IDisposable
{
    private readonly EnrolmentFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_handed_out_sealed_and_waits_for_its_client_until_it_is_abandoned()
    {
        await using var hub = Start();
        using var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 100_000, encryptors: ["sam"]), Cancellation);
        var file = await answer.Content.ReadAsByteArrayAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var key = CourierFiles.Key();
        Assert.Null(CourierFiles.Read(file, key, out var blocks));
        Assert.Equal([100_000, 100_000], blocks.Select(block => block.Length));
        var id = Assert.Single(answer.Headers.GetValues("DSKE-Courier-File"));
        Assert.Null(CourierHeader.TryRead(file, out var header));
        Assert.Equal(id, header!.File.ToString());

        var listed = Assert.Single((await ListAsync(hub)).EnumerateArray());
        Assert.Equal((id, "carol", 100_000, true), (
            listed.GetProperty("file").GetString(), listed.GetProperty("client_name").GetString(), listed.GetProperty("size").GetInt32(), listed.GetProperty("enrols").GetBoolean()));
        Assert.True((await TurnAsync(hub, $"client_name=carol&file={id}")).GetProperty("awaits_file").GetBoolean());

        using var gone = await hub.Client.SendAsync(CourierCaller.Abandon(hub.Root, id), Cancellation);
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        using var again = await hub.Client.SendAsync(CourierCaller.Abandon(hub.Root, id), Cancellation);
        await AssertProblemAsync(again, HttpStatusCode.NotFound, "courier-file-unknown");
        Assert.Empty((await ListAsync(hub)).EnumerateArray());
        Assert.False((await TurnAsync(hub, $"client_name=carol&file={id}")).GetProperty("awaits_file").GetBoolean());

        // Neither the secret, nor the operator's token, nor any of the random data is in the log.
        Assert.DoesNotContain(hub.Log.Entries, entry => entry.Text.Contains(CourierCaller.Token, StringComparison.Ordinal)
            || entry.Text.Contains(CourierCaller.Secret.Split(' ')[1], StringComparison.Ordinal)
            || entry.Text.Contains(Convert.ToBase64String(blocks[0].AsSpan(0, 24)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_operators_token_nobody_on_this_machine_gets_anything()
    {
        await using var hub = Start();
        await using var tokenless = HubNode.Start();
        foreach (var token in (string?[])[null, CourierCaller.Token + "0", ""])
        {
            await AssertRefusedAsync(hub, CourierCaller.Export(hub.Root, "carol", 4096, token: token));
            await AssertRefusedAsync(hub, CourierCaller.List(hub.Root, token));
            await AssertRefusedAsync(hub, CourierCaller.Abandon(hub.Root, CourierFiles.File.ToString(), token));
        }

        await AssertRefusedAsync(tokenless, CourierCaller.Export(tokenless.Root, "carol", 4096));
        Assert.Empty((await ListAsync(hub)).EnumerateArray());
        Assert.Empty(hub.Engine.GetExports());

        // Nor from elsewhere with it, nor from a page.
        var forwarded = CourierCaller.Export(hub.Root, "carol", 4096);
        forwarded.Headers.Add("X-Forwarded-For", "198.51.100.7");
        await AssertRefusedAsync(hub, forwarded, "local-only");
        var page = CourierCaller.Export(hub.Root, "carol", 4096);
        page.Headers.Add("Origin", "http://elsewhere.example");
        await AssertRefusedAsync(hub, page, "foreign-origin");

        static async Task AssertRefusedAsync(HubNode node, HttpRequestMessage request, string type = "operator-only")
        {
            using var answer = await node.Client.SendAsync(request, Cancellation);
            await AssertProblemAsync(answer, HttpStatusCode.Forbidden, type);
        }
    }

    [Theory]
    [InlineData("carol", 4095, null, "psrd-size-out-of-range", 400)]
    [InlineData("carol", -1, null, "psrd-size-out-of-range", 400)]
    [InlineData("carol", long.MaxValue, null, "psrd-size-out-of-range", 400)]
    [InlineData("../carol", 4096, null, "malformed-message", 400)]
    [InlineData("", 4096, null, "malformed-message", 400)]
    [InlineData("carol", 4096, "", "malformed-message", 400)]
    [InlineData("carol", 4096, "passphrase c2hvcnQ=", "malformed-message", 400)]
    [InlineData("carol", 4096, "key not-base64", "malformed-message", 400)]
    [InlineData("carol", 4096, "sesame AAAA", "malformed-message", 400)]
    public async Task Bad_orders_are_refused_and_nothing_is_made(string client, long size, string? secret, string type, int status)
    {
        await using var hub = Start();
        using var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, client, size, secret: secret), Cancellation);

        await AssertProblemAsync(answer, (HttpStatusCode)status, type);
        Assert.Empty((await ListAsync(hub)).EnumerateArray());
    }

    [Fact]
    public async Task A_client_of_another_implementation_gets_no_file()
    {
        await using var hub = Start();
        using var registered = await hub.Client.PutAsJsonAsync(
            $"{hub.Root}/dske/oob/v1/registration", new { client_name = "carol", encryptor_names = Array.Empty<string>() }, Cancellation);
        registered.EnsureSuccessStatusCode();

        using var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 4096), Cancellation);

        await AssertProblemAsync(answer, HttpStatusCode.Conflict, "courier-client-foreign");
    }

    [Fact]
    public async Task A_caller_that_hangs_up_leaves_nothing_at_the_hub()
    {
        await using var hub = Start();
        using var hangsUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using (var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 32 << 20), HttpCompletionOption.ResponseHeadersRead, hangsUp.Token))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(hangsUp.Token);
            await body.ReadExactlyAsync(new byte[1000], hangsUp.Token);
        }

        await Eventually.TrueAsync(() => Stored(hub) == 0, "the blocks are erased");
        Assert.Empty((await ListAsync(hub)).EnumerateArray());
        using var next = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 4096), Cancellation);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task What_a_hub_gives_up_goes_from_its_disk_soon()
    {
        var data = Directory.CreateTempSubdirectory("dske-tests-");
        try
        {
            await using (var hub = HubNode.Start(more:
                [("Dske:Access:OperatorTokenFile", _folder.Write("operator", CourierCaller.Token)), ("Dske:Storage:InMemory", "false"), ("Dske:Storage:Directory", data.FullName)]))
            {
                using (var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 32 << 20), HttpCompletionOption.ResponseHeadersRead, Cancellation))
                {
                    await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
                    await body.ReadExactlyAsync(new byte[1000], Cancellation);
                    Assert.Equal(2, Directory.GetFiles(Path.Combine(data.FullName, "blocks")).Length);
                }

                await Eventually.TrueAsync(() => Stored(hub) == 0, "the blocks are given up");
                await Eventually.TrueAsync(() => Directory.GetFiles(Path.Combine(data.FullName, "blocks")).Length == 0, "the blocks are erased");
                Assert.Empty((await ListAsync(hub)).EnumerateArray());
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_name=")]
    [InlineData("client_name=carol&client_name=carol")]
    [InlineData("client_name=carol&file=x")]
    [InlineData("client_name=carol&other=1")]
    [InlineData("client_name=Carol")]
    public async Task A_question_for_the_turn_that_cannot_be_read_is_refused(string query)
    {
        await using var hub = Start();
        using var answer = await hub.Client.GetAsync($"{hub.Root}/dske/api/v1/link?{query}", Cancellation);

        await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "malformed-message");
    }

    [Fact]
    public async Task The_turn_is_told_of_clients_of_ours_alone()
    {
        await using var hub = Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");

        var known = await TurnAsync(hub, "client_name=carol");
        Assert.Equal((hub.Engine.Instance, carol.Turn), (known.GetProperty("hub_instance").GetGuid(), known.GetProperty("turn").GetGuid()));
        Assert.Equal(JsonValueKind.Null, known.GetProperty("awaits_file").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await TurnAsync(hub, "client_name=celia")).GetProperty("turn").ValueKind);
    }

    private HubNode Start() => HubNode.Start(more: ("Dske:Access:OperatorTokenFile", _folder.Write("operator", CourierCaller.Token)));

    private static int Stored(HubNode hub)
    {
        var stores = (Dske.Storage.NodeStores<Dske.Protocol.Persistence.IHubStateStore>)hub.Services.GetService(typeof(Dske.Storage.NodeStores<Dske.Protocol.Persistence.IHubStateStore>))!;
        var carol = NodeName.Parse("carol");
        return stores.State.LoadExports().Count + stores.Psrd.Open(new PsrdPoolKey(carol, PoolOwner.Client)).Count + stores.Psrd.Open(new PsrdPoolKey(carol, PoolOwner.Hub)).Count;
    }

    private static async Task<JsonElement> ListAsync(HubNode hub)
    {
        using var answer = await hub.Client.SendAsync(CourierCaller.List(hub.Root), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("exports");
    }

    private static Task<JsonElement> TurnAsync(HubNode hub, string query) => hub.Client.GetFromJsonAsync<JsonElement>($"{hub.Root}/dske/api/v1/link?{query}", Cancellation);

    private static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("urn:dske:error:" + type, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString());
    }
}
