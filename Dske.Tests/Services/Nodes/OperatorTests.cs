using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Protocol.Secrets;
using Dske.Tests.Network;

namespace Dske.Tests.Services.Nodes;

/// <summary>Who may stop a node over TLS, and who is an encryptor: being able to connect is not enough.</summary>
[Trait("Tier", "Services")]
public sealed class OperatorTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly X509Certificate2 _certificate;

    public OperatorTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
    }

    private string TokenFile => Path.Combine(_directory.FullName, "operator-token");

    private string CertificateFile => Path.Combine(_directory.FullName, "node.pfx");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificate.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Over_TLS_a_hub_is_stopped_from_elsewhere_with_the_operators_token_alone()
    {
        await using var hank = StartHub(TokenFile);
        await AssertNeedsTokenAsync(hank);
    }

    [Fact]
    public async Task Over_TLS_a_client_is_stopped_from_elsewhere_with_the_operators_token_alone()
    {
        await using var carol = StartClient(TokenFile);
        await AssertNeedsTokenAsync(carol);
    }

    [Fact]
    public async Task Without_a_token_nobody_stops_a_node_from_elsewhere_and_everybody_here_does()
    {
        await using var node = StartHub(tokenFile: null);
        using var http = Caller(node.Url);

        using var refused = await http.SendAsync(Request(HttpMethod.Post, $"{node.Root}/mgmt/v1/stop", $"Bearer {Token}"), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var here = new HttpRequestMessage(HttpMethod.Post, $"{node.Root}/mgmt/v1/stop");
        using var stopped = await http.SendAsync(here, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
    }

    [Fact]
    public async Task Over_TLS_nobody_from_elsewhere_is_an_encryptor_by_saying_so()
    {
        await using var carol = StartClient(TokenFile);
        using var http = Caller(carol.Url);

        using var refused = await http.SendAsync(Request(HttpMethod.Get, $"{carol.Root}/etsi/api/v1/keys/sofia/status", "sam"), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var here = new HttpRequestMessage(HttpMethod.Get, $"{carol.Root}/etsi/api/v1/keys/sofia/status");
        here.Headers.TryAddWithoutValidation("Authorization", "sam");
        using var served = await http.SendAsync(here, Cancellation);
        Assert.NotEqual(HttpStatusCode.Forbidden, served.StatusCode);
    }

    [Fact]
    public async Task A_token_file_that_cannot_be_used_keeps_a_node_from_starting()
    {
        var (exitCode, _, errors) = await NodeProcess.RunAsync(
            typeof(HubOptions),
            "--Dske:Hub:Name=hank",
            "--Dske:Hub:Hubs:0=hank",
            "--Dske:Hub:Hubs:1=helen",
            "--Dske:Hub:Threshold=2",
            "--Dske:Hub:OutOfBand:Mode=open",
            "--Dske:Storage:InMemory=true",
            $"--Dske:Access:OperatorTokenFile={TokenFile}");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Dske:Access:OperatorTokenFile cannot be used: {TokenFile} cannot be read", errors, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? authorization)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "198.51.100.7");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return request;
    }

    private HttpClient Caller(Uri node)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.GetCertHashString();
        return new HttpClient(handler) { BaseAddress = node };
    }

    private async Task AssertNeedsTokenAsync<TMarker>(ServiceNode<TMarker> node)
        where TMarker : class
    {
        using var http = Caller(node.Url);
        var stop = $"{node.Root}/mgmt/v1/stop";

        // Reading is for all whom TLS lets in.
        using var status = await http.SendAsync(Request(HttpMethod.Get, $"{node.Root}/mgmt/v1/status", null), Cancellation);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        foreach (var authorization in (string?[])[null, "Bearer", $"Bearer {Token}0", $"Basic {Token}", "sam"])
        {
            using var refused = await http.SendAsync(Request(HttpMethod.Post, stop, authorization), Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal("urn:dske:error:operator-only", JsonElement.Parse(await refused.Content.ReadAsStringAsync(Cancellation)).GetProperty("type").GetString());
        }

        using var stopped = await http.SendAsync(Request(HttpMethod.Post, stop, $"Bearer {Token}"), Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        Assert.DoesNotContain(node.Log.Entries, entry => entry.Text.Contains(Token, StringComparison.Ordinal));
    }

    private LoopbackNode<HubOptions> StartHub(string? tokenFile)
    {
        var settings = Settings("Hub", "hank", tokenFile);
        settings["Dske:Hub:OutOfBand:Mode"] = "open";
        foreach (var (i, name) in LoopbackNetwork.HubNames.Index())
        {
            settings[$"Dske:Hub:Hubs:{i}"] = name;
        }

        return LoopbackNode<HubOptions>.Start("/hub/hank", settings);
    }

    private LoopbackNode<ClientOptions> StartClient(string? tokenFile)
    {
        var settings = Settings("Client", "carol", tokenFile);
        settings["Dske:Client:Encryptors:0"] = "sam";
        foreach (var (i, name) in LoopbackNetwork.HubNames.Index())
        {
            settings[$"Dske:Client:Hubs:{i}:Name"] = name;
            settings[$"Dske:Client:Hubs:{i}:Url"] = "http://127.0.0.1:9";
        }

        return LoopbackNode<ClientOptions>.Start("/client/carol", settings);
    }

    private Dictionary<string, string?> Settings(string kind, string name, string? tokenFile)
    {
        File.WriteAllBytes(CertificateFile, _certificate.Export(X509ContentType.Pkcs12));
        OwnerOnlyFile.WriteLine(TokenFile, Encoding.ASCII.GetBytes(Token));
        return new Dictionary<string, string?>
        {
            [$"Dske:{kind}:Name"] = name,
            [$"Dske:{kind}:Threshold"] = "3",
            ["Dske:Storage:InMemory"] = "true",
            ["Dske:Access:OperatorTokenFile"] = tokenFile,
            ["Kestrel:Endpoints:Tls:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Endpoints:Tls:Certificate:Path"] = CertificateFile,
        };
    }
}
