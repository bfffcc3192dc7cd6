using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dske.Certificates;
using Dske.Tests.Services.Client;

namespace Dske.Tests.Services.Tls;

/// <summary>Who may call a key provider over TLS: encryptors of this client, and no other holder of a certificate.</summary>
[Trait("Tier", "Services")]
public sealed class SkipIdentityTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/capabilities")]
    [InlineData("/entropy")]
    [InlineData("/key?remoteSystemID=conny")]
    [InlineData("/key/bc4904197d60487fadc14ddcc177c139?remoteSystemID=conny")]
    [InlineData("/client/carol/skip/entropy")]
    public async Task Certificates_of_others_are_refused(string path)
    {
        await using var carol = ClientNode.Start("carol", ["sam"], more: _folder.SettingsOf("carol"));

        foreach (var certificate in new[] { _folder.Sae("sofia"), _folder.Keep(_folder.Authority.IssueNode("carol")), _folder.Keep(_folder.Authority.IssueOperator("operator")) })
        {
            var (status, body) = await GetAsync(carol, certificate, path);

            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Equal(["message"], body.EnumerateObject().Select(member => member.Name));
        }
    }

    [Theory]
    [InlineData("sam")]
    [InlineData("carol")]
    public async Task Encryptors_of_this_client_are_served(string sae)
    {
        await using var carol = ClientNode.Start("carol", ["sam"], more: _folder.SettingsOf("carol"));

        var (status, body) = await GetAsync(carol, _folder.Sae(sae), "/entropy");

        Assert.Equal((HttpStatusCode.OK, 64), (status, body.GetProperty("randomStr").GetString()!.Length));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(ClientNode carol, X509Certificate2 certificate, string path)
    {
        using var http = new HttpClient(MutualTls.CreateHandler(certificate, _folder.Authorities)) { BaseAddress = carol.Url };
        using var response = await http.GetAsync(path, Cancellation);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }
}
