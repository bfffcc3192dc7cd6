using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Tests.Network;
using Dske.Tests.Unit.Storage;

namespace Dske.Tests.Services.Courier;

/// <summary>
/// A file is made and read in bounded memory, by real nodes over sockets: nowhere more of it than a few chunks. Runs alone: it measures the memory of the
/// whole process.
/// </summary>
[Trait("Tier", "Services")]
[Collection(nameof(LargeBlockTests))]
public sealed class CourierMemoryTests : IDisposable
{
    /// <summary>For each owner, so that the file has twice as much.</summary>
    private const long Size = 192L << 20;

    private const long MaxGrowth = 160L << 20;

    private readonly EnrolmentFolder _folder = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_of_384_MiB_is_made_and_read_in_much_less()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Peak memory is read from /proc.");
        await using var hub = LoopbackNode<HubOptions>.Start("/hub/hank", HubSettings());
        await using var carol = LoopbackNode<ClientOptions>.Start("/client/carol", ClientSettings(hub.Url));
        var path = Path.Combine(_data.FullName, "hank-carol.psrd");
        GC.Collect();
        PeakMemory.Reset();
        var before = PeakMemory.Now;

        await ExportAsync(hub, path);
        var report = await ImportAsync(carol, path);

        Assert.Equal((Size, Size), (report.GetProperty("client_owned_bytes").GetInt64(), report.GetProperty("hub_owned_bytes").GetInt64()));
        await UntilUsableAsync(carol);
        var growth = PeakMemory.Peak - before;
        Assert.True(growth < MaxGrowth, $"The peak of memory rose by {growth} bytes for a file of {new FileInfo(path).Length}.");
    }

    private static async Task ExportAsync(LoopbackNode<HubOptions> hub, string path)
    {
        using var http = new HttpClient { BaseAddress = hub.Url };
        using var request = CourierCaller.Export(hub.Root, "carol", Size, encryptors: ["sam"]);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await using var file = new FileStream(path, FileMode.CreateNew);
        await body.CopyToAsync(file, Cancellation);
        Assert.InRange(file.Length, 2 * Size, (2 * Size) + (Size / 100));
    }

    private static async Task<JsonElement> ImportAsync(LoopbackNode<ClientOptions> client, string path)
    {
        // Not the node's own, which copies what it sends, should it be redirected.
        using var http = new HttpClient { BaseAddress = client.Url };
        using var request = CourierCaller.Import(client.Root, []);
        await using var file = File.OpenRead(path);
        request.Content = new StreamContent(file) { Headers = { ContentType = new("application/octet-stream") } };
        using var answer = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task UntilUsableAsync(LoopbackNode<ClientOptions> client)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await client.GetStatusAsync()).GetProperty("peer_hubs")[0].GetProperty("usable").GetBoolean())
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    private Dictionary<string, string?> HubSettings() => new()
    {
        ["Dske:Hub:Name"] = "hank",
        ["Dske:Hub:Threshold"] = "2",
        ["Dske:Hub:Hubs:0"] = "hank",
        ["Dske:Hub:Hubs:1"] = "helen",
        ["Dske:Hub:OutOfBand:Mode"] = "off",
        ["Dske:Storage:Directory"] = Path.Combine(_data.FullName, "hank"),
        ["Dske:Access:OperatorTokenFile"] = _folder.Write("operator", CourierCaller.Token),
    };

    private Dictionary<string, string?> ClientSettings(Uri hub) => new()
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
    };
}
