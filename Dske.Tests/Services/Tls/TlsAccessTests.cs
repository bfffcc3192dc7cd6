using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dske.Certificates;

namespace Dske.Tests.Services.Tls;

/// <summary>What a certificate opens, and what it does not. Forwarding headers make a caller on this machine count as one from elsewhere.</summary>
[Trait("Tier", "Services")]
public sealed class TlsAccessTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sam", "GET", "/health", null)]
    [InlineData("sam", "GET", "/local", null)]
    [InlineData("sam", "GET", "/loopback", null)]
    [InlineData("sam", "POST", "/operator", "operator-only")]
    [InlineData(null, "GET", "/health", null)]
    [InlineData(null, "GET", "/caller", null)]
    [InlineData(null, "GET", "/local", "local-only")]
    [InlineData(null, "GET", "/loopback", "local-only")]
    [InlineData(null, "POST", "/operator", "operator-only")]
    public async Task From_elsewhere_a_certificate_counts_and_being_encrypted_does_not(string? sae, string method, string path, string? refusal)
    {
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol", ("Dske:Tls:RequireClientCertificate", "false")));
        using var http = node.Connect(_folder.Authorities, sae is null ? null : _folder.Sae(sae));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(refusal is null ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        if (refusal is not null)
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal($"urn:dske:error:{refusal}", problem.RootElement.GetProperty("type").GetString());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_certificates_are_optional_a_wrong_one_is_worse_than_none(bool isWrong)
    {
        using var other = new CertificateFolder();
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol", ("Dske:Tls:RequireClientCertificate", "false")));
        using var http = node.Connect(_folder.Authorities, isWrong ? other.Sae("sam") : null);

        if (isWrong)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/caller", Cancellation));
        }
        else
        {
            Assert.Equal("the connection has no client certificate", await http.GetStringAsync("/caller", Cancellation));
        }
    }

    [Theory]
    [InlineData("carol", HttpStatusCode.OK)]
    [InlineData("CAROL:8105", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("celia", HttpStatusCode.Forbidden)]
    [InlineData("not a name", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task A_node_goes_by_the_names_of_its_certificate(string host, HttpStatusCode expected)
    {
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol"));
        using var handler = MutualTls.CreateHandler(_folder.Sae("sam"), _folder.Authorities);

        // A client that is fooled about whom it speaks to, as a browser may be.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null;
        using var http = new HttpClient(handler) { BaseAddress = node.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/local");
        request.Headers.TryAddWithoutValidation("Host", host);

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(expected == HttpStatusCode.Forbidden && host.Contains(' ', StringComparison.Ordinal) ? HttpStatusCode.BadRequest : expected, response.StatusCode);
    }

    [Fact]
    public async Task Plain_addresses_beside_TLS_know_no_certificates()
    {
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol"), url: "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = node.Url };

        Assert.Equal("not over TLS", await http.GetStringAsync("/caller", Cancellation));
    }

    [Theory]
    [InlineData("node", "the certificate is not an SAE's: it is a node's or an operator's")]
    [InlineData("operator", "the certificate is not an SAE's: it is a node's or an operator's")]
    [InlineData("sae", "sam")]
    public async Task Only_certificates_of_SAEs_name_one(string kind, string expected)
    {
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol"));
        using var http = node.Connect(_folder.Authorities, Certificate(kind));

        Assert.Equal(expected, await http.GetStringAsync("/caller", Cancellation));
    }

    private X509Certificate2 Certificate(string kind) => kind switch
    {
        "node" => _folder.Keep(_folder.Authority.IssueNode("sam")),
        "operator" => _folder.Keep(_folder.Authority.IssueOperator("sam")),
        _ => _folder.Sae("sam"),
    };
}
