using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>Two encryptors, sam and sofia, with a test KME, directories of their own, and tunnels allowed to this machine. Either can be started again.</summary>
internal sealed class LinkedPair : IAsyncDisposable
{
    // Another process of tests goes through other ports: one that was free is taken a moment later only by whoever looks for a free one likewise.
    private static int _lastPort = 21_000 + (Environment.ProcessId % 2_000);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-links-");
    private readonly (string Key, string Value)[] _more;

    private readonly PairCertificates? _certificates;
    private readonly TimeProvider? _time;
    private readonly Uri _sam;
    private readonly Uri _sofia;
    private readonly Uri _sofiaForSam;

    private LinkedPair(TestKme kme, Func<Uri, Uri>? between, PairCertificates? certificates, TimeProvider? time, (string Key, string Value)[] more)
    {
        (Kme, _certificates, _time, _more) = (kme, certificates, time, more);
        var scheme = certificates is null ? "http" : "https";
        _sam = new Uri($"{scheme}://127.0.0.1:{FreePort()}/");
        _sofia = new Uri($"{scheme}://127.0.0.1:{FreePort()}/");
        _sofiaForSam = between?.Invoke(_sofia) ?? _sofia;
    }

    public TestKme Kme { get; }

    public EncryptorNode Sam { get; private set; } = null!;

    public EncryptorNode Sofia { get; private set; } = null!;

    public static Task<LinkedPair> StartAsync(params (string Key, string Value)[] more) => StartAsync(null, null, null, more);

    /// <summary>Starts them speaking TLS.</summary>
    public static Task<LinkedPair> StartAsync(PairCertificates certificates) => StartAsync(null, certificates, null, []);

    /// <summary>Starts them on a clock that moves when the test says so.</summary>
    public static Task<LinkedPair> StartAsync(TimeProvider time) => StartAsync(null, null, time, []);

    /// <summary>Starts them with something in between.</summary>
    /// <param name="between">Given where sofia is, says where sam finds her.</param>
    /// <param name="more">More settings of both.</param>
    public static Task<LinkedPair> StartAsync(Func<Uri, Uri>? between, params (string Key, string Value)[] more) => StartAsync(between, null, null, more);

    private static async Task<LinkedPair> StartAsync(
        Func<Uri, Uri>? between, PairCertificates? certificates, TimeProvider? time, (string Key, string Value)[] more)
    {
        var pair = new LinkedPair(await TestKme.StartAsync(), between, certificates, time, more);
        pair.Sam = pair.StartSam();
        pair.Sofia = pair.StartSofia();
        return pair;
    }

    /// <summary>Asks sam for a link to sofia and waits until both ends can send.</summary>
    public async Task LinkAsync(object? settings = null)
    {
        using var answer = await PutAsync(Sam, "sam", "links/sofia", settings ?? new { });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await UntilUpAsync();
    }

    public async Task UntilUpAsync()
    {
        await UntilAsync(async () => (await LinkAsync(Sam, "sam", "sofia"))?.GetProperty("state").GetString() == "up", "sam's end is up");
        await UntilAsync(async () => (await LinkAsync(Sofia, "sofia", "sam"))?.GetProperty("state").GetString() == "up", "sofia's end is up");
    }

    /// <summary>Asks sam for a tunnel to a port at sofia.</summary>
    /// <returns>The port that sam listens on.</returns>
    public async Task<int> TunnelAsync(int target, string name = "web")
    {
        var port = FreePort();
        using var answer = await PutAsync(Sam, "sam", $"tunnels/{name}", new { listen = $"127.0.0.1:{port}", peer = "sofia", target = $"127.0.0.1:{target}" });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return port;
    }

    /// <summary>Ends an encryptor as it would end itself, and starts it anew on its directory and its port.</summary>
    public async Task RestartAsync(string saeId)
    {
        if (saeId == "sam")
        {
            await Sam.DisposeAsync();
            Sam = StartSam();
        }
        else
        {
            await Sofia.DisposeAsync();
            Sofia = StartSofia();
        }
    }

    public static Task<HttpResponseMessage> PutAsync(EncryptorNode node, string saeId, string path, object body) =>
        node.Client.PutAsJsonAsync($"/encryptor/{saeId}/api/v1/{path}", body, TestContext.Current.CancellationToken);

    /// <summary>A link as an end shows it; null when it has none.</summary>
    public static async Task<JsonElement?> LinkAsync(EncryptorNode node, string saeId, string peer)
    {
        using var answer = await node.Client.GetAsync($"/encryptor/{saeId}/api/v1/links/{peer}", TestContext.Current.CancellationToken);
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken) : null;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await poll.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It was waited in vain until {what}.");
            }
        }
    }

    /// <summary>A port that nobody has, below those that the system gives to whoever connects: it stays free while a node starts again.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _lastPort);
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    /// <summary>The first of so many ports in a row that nobody has.</summary>
    public static int FreePorts(int count)
    {
        while (true)
        {
            var first = FreePort();
            var last = first;
            while (last < first + count - 1 && FreePort() is var next && next == last + 1)
            {
                last = next;
            }

            if (last == first + count - 1)
            {
                return first;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Sam.DisposeAsync();
        await Sofia.DisposeAsync();
        await Kme.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private EncryptorNode StartSam() => Start("sam", _sam, "sofia", _sofiaForSam);

    private EncryptorNode StartSofia() => Start("sofia", _sofia, "sam", _sam);

    private EncryptorNode Start(string saeId, Uri url, string peer, Uri peerUrl)
    {
        var node = EncryptorNode.Start(
            saeId,
            Kme,
            [peer],
            _time,
            [
                ("urls", url.ToString()),
                ("Peers:0:Url", peerUrl.ToString()),
                ("Dske:Storage:Directory", Path.Combine(_data.FullName, saeId)),
                ("Tunnels:Targets:0", "127.0.0.1:1-65535"),
                .. _certificates?.SettingsOf(saeId) ?? [],
                .. _more,
            ]);
        if (_certificates is not null)
        {
            node.CallWith(_certificates.Connect(url, "operator"));
        }

        return node;
    }
}
