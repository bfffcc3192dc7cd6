using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dske.Certificates;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Tests.Services.Client;

namespace Dske.Tests.Services.Tls;

/// <summary>Who calls a KME over TLS: the certificate says, and nothing else.</summary>
[Trait("Tier", "Services")]
public sealed class KeyDeliveryIdentityTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("sara")]
    [InlineData("nobody")]
    public async Task The_certificate_names_the_caller_whatever_the_header_says(string? header)
    {
        await using var carol = Start();

        var (status, body) = await GetStatusAsync(carol, _folder.Sae("sam"), "sara", header);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("sam", body.GetProperty("master_SAE_ID").GetString());
    }

    [Theory]
    [InlineData("sofia", "sae", "the calling SAE is not registered with this KME")]
    [InlineData("carol", "node", "the certificate is not an SAE's: it is a node's or an operator's")]
    [InlineData("sam", "node", "the certificate is not an SAE's: it is a node's or an operator's")]
    [InlineData("sam", "operator", "the certificate is not an SAE's: it is a node's or an operator's")]
    [InlineData("sam", "none", "the connection has no client certificate")]
    public async Task Whoever_is_no_SAE_of_the_KME_gets_401_and_the_error_of_the_standard(string name, string kind, string message)
    {
        await using var carol = Start(("Dske:Tls:RequireClientCertificate", "false"));

        var (status, body) = await GetStatusAsync(carol, Certificate(kind, name), "sara", header: "sam");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal([("message", message)], body.EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)));
    }

    [Fact]
    public async Task A_client_s_own_name_can_be_an_SAE_if_a_certificate_says_so()
    {
        await using var carol = Start();

        var (status, body) = await GetStatusAsync(carol, _folder.Sae("carol"), "sam", header: null);

        Assert.Equal((HttpStatusCode.OK, "carol"), (status, body.GetProperty("master_SAE_ID").GetString()));
    }

    [Fact]
    public async Task The_order_of_sources_can_be_set()
    {
        await using var carol = Start(("Dske:Tls:SaeIdSources:0", "CN"), ("Dske:Tls:SaeIdSources:1", "dns"));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("urn:dske:sae:sam"));
        var certificate = _folder.Keep(_folder.Authority.Issue(
            new X500DistinguishedName("CN=sara"), names, new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2")));

        var (_, body) = await GetStatusAsync(carol, certificate, "sam", header: null);

        Assert.Equal("sara", body.GetProperty("master_SAE_ID").GetString());
    }

    [Fact]
    public async Task The_typed_client_calls_over_TLS()
    {
        await using var carol = Start();
        using var http = new HttpClient(MutualTls.CreateHandler(_folder.Sae("sam"), _folder.Authorities)) { BaseAddress = carol.Url };
        var client = new KeyDeliveryClient(
            http, new KeyDeliveryClientOptions { Caller = SaeId.Parse("sam"), BasePath = KeyDeliveryPath.OfClient(NodeName.Parse("carol")) }, TimeProvider.System);

        var result = await client.GetStatusAsync(SaeId.Parse("sara"), Cancellation);

        Assert.True(result.Succeeded, result.Message);
        Assert.Equal(("sam", "sara"), (result.Value.MasterSaeId, result.Value.SlaveSaeId));
    }

    [Fact]
    public async Task No_private_key_shows_in_the_log()
    {
        await using var carol = Start();
        await GetStatusAsync(carol, _folder.Sae("sam"), "sara", header: null);

        var key = (await File.ReadAllTextAsync(_folder.PathOf("carol.key"), Cancellation)).Split('\n')[1];

        Assert.True(key.Length > 40);
        Assert.DoesNotContain(carol.Log.Entries, entry => entry.Text.Contains(key, StringComparison.Ordinal));
    }

    private ClientNode Start(params (string Key, string Value)[] more) => ClientNode.Start("carol", ["sam", "sara"], more: _folder.SettingsOf("carol", more));

    private X509Certificate2? Certificate(string kind, string name) => kind switch
    {
        "node" => _folder.Keep(_folder.Authority.IssueNode(name)),
        "operator" => _folder.Keep(_folder.Authority.IssueOperator(name)),
        "none" => null,
        _ => _folder.Sae(name),
    };

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetStatusAsync(ClientNode carol, X509Certificate2? certificate, string slave, string? header)
    {
        using var http = new HttpClient(MutualTls.CreateHandler(certificate, _folder.Authorities)) { BaseAddress = carol.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{carol.Root}/etsi/api/v1/keys/{slave}/status");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }
}
