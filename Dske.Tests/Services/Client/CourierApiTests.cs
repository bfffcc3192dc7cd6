using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Tests.Network;

namespace Dske.Tests.Services.Client;

/// <summary>How a client reads files that couriers brought, over sockets and with a real hub.</summary>
[Trait("Tier", "Services")]
public sealed class CourierApiTests : IDisposable
{
    private readonly EnrolmentFolder _folder = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_client_without_any_contact_is_enrolled_by_a_file_and_refilled_by_another_one()
    {
        await using var hub = StartHub();
        await using var carol = StartCarol(hub.Url);
        var file = await ExportAsync(hub, "sam");

        var report = await ImportAsync(carol, file, HttpStatusCode.OK);
        Assert.Equal(("hank", "carol", true, 65_536), (
            report.GetProperty("hub_name").GetString(), report.GetProperty("client_name").GetString(), report.GetProperty("enrols").GetBoolean(), report.GetProperty("client_owned_bytes").GetInt32()));
        await UntilAsync(carol, 65_536);

        Assert.Equal("urn:dske:error:courier-file-imported", (await ImportAsync(carol, file, HttpStatusCode.Conflict)).GetProperty("type").GetString());
        Assert.False((await ImportAsync(carol, await ExportAsync(hub, "sam"), HttpStatusCode.OK)).GetProperty("enrols").GetBoolean());
        await UntilAsync(carol, 2 * 65_536);

        // Nothing lies about, and nothing secret was written down.
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(_data.FullName, "carol")), path => new FileInfo(path).Length == file.Length);
        Assert.DoesNotContain(carol.Log.Entries, entry => entry.Text.Contains(CourierCaller.Token, StringComparison.Ordinal)
            || entry.Text.Contains(CourierCaller.Secret.Split(' ')[1], StringComparison.Ordinal));
        Assert.DoesNotContain(carol.Log.Entries, entry => entry.Text.Contains("oob", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_good_is_refused_and_changes_nothing()
    {
        await using var hub = StartHub();
        await using var carol = StartCarol(hub.Url);
        var file = await ExportAsync(hub, "sam");
        var before = await carol.GetStatusTextAsync();

        async Task AssertRefusedAsync(HttpRequestMessage request, HttpStatusCode status, string type)
        {
            using var answer = await carol.Client.SendAsync(request, Cancellation);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("urn:dske:error:" + type, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("type").GetString());
            Assert.Equal(before, await carol.GetStatusTextAsync());
        }

        HttpRequestMessage Import(byte[] bytes, string? secret = null, string? token = CourierCaller.Token) => CourierCaller.Import(carol.Root, bytes, secret, token);
        await AssertRefusedAsync(Import(file, token: null), HttpStatusCode.Forbidden, "operator-only");
        await AssertRefusedAsync(Import(file, token: CourierCaller.Token + "1"), HttpStatusCode.Forbidden, "operator-only");
        await AssertRefusedAsync(Import(file, secret: ""), HttpStatusCode.BadRequest, "malformed-message");
        await AssertRefusedAsync(Import(file, secret: $"key {Convert.ToBase64String(new byte[32])}"), HttpStatusCode.Forbidden, "courier-secret-wrong");
        await AssertRefusedAsync(Import(file, secret: $"passphrase {Convert.ToBase64String(new byte[32])}"), HttpStatusCode.Forbidden, "courier-secret-wrong");
        await AssertRefusedAsync(Import([]), HttpStatusCode.BadRequest, "courier-file-malformed");
        await AssertRefusedAsync(Import([.. Enumerable.Repeat((byte)7, 4096)]), HttpStatusCode.BadRequest, "courier-file-malformed");
        await AssertRefusedAsync(Import(file[..100]), HttpStatusCode.BadRequest, "courier-file-damaged");
        await AssertRefusedAsync(Import(file[..^1]), HttpStatusCode.BadRequest, "courier-file-damaged");
        await AssertRefusedAsync(Import([.. file, 0]), HttpStatusCode.BadRequest, "courier-file-damaged");
        await AssertRefusedAsync(Import([.. file[..^30], (byte)(file[^30] ^ 4), .. file[^29..]]), HttpStatusCode.BadRequest, "courier-file-damaged");
        await AssertRefusedAsync(Import(await ExportAsync(hub)), HttpStatusCode.Conflict, "courier-encryptors-differ");
        await AssertRefusedAsync(Import(await ExportAsync(hub, "celia", [])), HttpStatusCode.Conflict, "courier-file-not-ours");

        var text = Import(file);
        text.Content!.Headers.ContentType = new("text/plain");

        // Nobody reads the body then, so the connection may not serve another request.
        text.Headers.ConnectionClose = true;
        using var unsupported = await carol.Client.SendAsync(text, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, unsupported.StatusCode);
        await ImportAsync(carol, file, HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_import_that_is_broken_off_leaves_nothing_and_can_be_repeated()
    {
        await using var hub = StartHub();
        await using var carol = StartCarol(hub.Url);
        var file = await ExportAsync(hub, "sam");
        var before = await carol.GetStatusTextAsync();
        using var hangsUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = CourierCaller.Import(carol.Root, file);
        request.Content = new StuckContent(file, hangsUp) { Headers = { ContentType = new("application/octet-stream") } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => carol.Client.SendAsync(request, hangsUp.Token));

        Assert.Equal(before, await carol.GetStatusTextAsync());
        await ImportAsync(carol, file, HttpStatusCode.OK);
        await UntilAsync(carol, 65_536);
    }

    [Fact]
    public async Task A_client_that_registers_by_itself_takes_refills_and_no_file_that_enrols()
    {
        await using var network = await LoopbackNetwork.StartAsync(operatorTokenFile: _folder.Write("operator", CourierCaller.Token));
        var hub = network.Hubs[0];

        async Task<JsonElement> BringAsync(bool anew, HttpStatusCode expected)
        {
            using var made = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol", 1 << 20, anew, encryptors: ["sam"]), Cancellation);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
            using var answer = await network.Carol.Client.SendAsync(CourierCaller.Import(network.Carol.Root, await made.Content.ReadAsByteArrayAsync(Cancellation)), Cancellation);
            Assert.Equal(expected, answer.StatusCode);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        }

        Assert.Equal("urn:dske:error:courier-not-wanted", (await BringAsync(anew: true, HttpStatusCode.Conflict)).GetProperty("type").GetString());
        Assert.False((await BringAsync(anew: false, HttpStatusCode.OK)).GetProperty("enrols").GetBoolean());
        await UntilAsync(network.Carol, 1 << 20);
        await network.DeliverAsync();
    }

    [Fact]
    public async Task The_files_names_are_no_paths()
    {
        await using var hub = StartHub();
        using var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, "carol/../../x", 65_536), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private LoopbackNode<HubOptions> StartHub()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = "hank",
            ["Dske:Hub:Threshold"] = "2",
            ["Dske:Hub:Hubs:0"] = "hank",
            ["Dske:Hub:Hubs:1"] = "helen",
            ["Dske:Hub:OutOfBand:Mode"] = "off",
            ["Dske:Storage:Directory"] = Path.Combine(_data.FullName, "hank"),
            ["Dske:Access:OperatorTokenFile"] = _folder.Write("operator", CourierCaller.Token),
        };
        return LoopbackNode<HubOptions>.Start("/hub/hank", settings);
    }

    private LoopbackNode<ClientOptions> StartCarol(Uri hub) => LoopbackNode<ClientOptions>.Start("/client/carol", new Dictionary<string, string?>
    {
        ["Dske:Client:Name"] = "carol",
        ["Dske:Client:Threshold"] = "2",
        ["Dske:Client:Encryptors:0"] = "sam",
        ["Dske:Client:Hubs:0:Name"] = "hank",
        ["Dske:Client:Hubs:0:Url"] = hub.ToString(),
        ["Dske:Client:Hubs:0:OutOfBand"] = "false",
        ["Dske:Client:Hubs:1:Name"] = "helen",
        ["Dske:Client:Hubs:1:Url"] = "http://127.0.0.1:1",
        ["Dske:Client:Hubs:1:OutOfBand"] = "false",
        ["Dske:Storage:Directory"] = Path.Combine(_data.FullName, "carol"),
        ["Dske:Access:OperatorTokenFile"] = _folder.Write("operator", CourierCaller.Token),
    });

    private static async Task<byte[]> ExportAsync(LoopbackNode<HubOptions> hub, params string[] encryptors) => await ExportAsync(hub, "carol", encryptors);

    private static async Task<byte[]> ExportAsync(LoopbackNode<HubOptions> hub, string client, string[] encryptors)
    {
        using var answer = await hub.Client.SendAsync(CourierCaller.Export(hub.Root, client, 65_536, encryptors: encryptors), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Cancellation);
    }

    private static async Task<JsonElement> ImportAsync(LoopbackNode<ClientOptions> client, byte[] file, HttpStatusCode expected)
    {
        using var answer = await client.Client.SendAsync(CourierCaller.Import(client.Root, file), Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {body}");
        return JsonElement.Parse(body);
    }

    /// <summary>Waits until the link to the first hub can be used and has about as much.</summary>
    private static async Task UntilAsync(LoopbackNode<ClientOptions> client, long bytes)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var hub = (await client.GetStatusAsync()).GetProperty("peer_hubs")[0];
            var left = Math.Min(Left(hub.GetProperty("local_pool")), Left(hub.GetProperty("peer_pool")));
            if (hub.GetProperty("usable").GetBoolean() && left > bytes - 8192)
            {
                return;
            }

            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    private static long Left(JsonElement pool) => pool.GetProperty("blocks").EnumerateArray().Sum(block => block.GetProperty("size").GetInt64() - block.GetProperty("nr_used_bytes").GetInt64());

    /// <summary>Sends half of a file, and then nobody wants the rest.</summary>
    private sealed class StuckContent(byte[] file, CancellationTokenSource hangsUp) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(file.AsMemory(0, file.Length / 2));
            await stream.FlushAsync();
            await hangsUp.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, hangsUp.Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = file.Length;
            return true;
        }
    }
}
