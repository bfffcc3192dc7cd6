using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dske.ServiceDefaults.Outbound;
using Dske.Tests.Services.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Tls;

/// <summary>Whom a node calls, and how it shows who it is.</summary>
[Trait("Tier", "Services")]
public sealed class OutboundTlsTests : IDisposable
{
    private readonly CertificateFolder _ours = new();
    private readonly CertificateFolder _theirs = new("Another CA");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public async Task Nodes_find_each_other_by_name_and_show_what_they_call_with()
    {
        await using var carol = await TlsNode.StartAsync(_ours.SettingsOf("carol"));
        await using var sam = await StartSamAsync();
        sam.Services.GetRequiredService<IConfiguration>()["services:carol:https:0"] = $"https://localhost:{carol.Url.Port}";
        using var http = Client(sam);

        Assert.Equal("sam", await http.GetStringAsync("https://carol/caller", Cancellation));
        Assert.Equal("sam", await http.GetStringAsync(new Uri(carol.Url, "/caller"), Cancellation));
    }

    [Fact]
    public async Task A_server_of_another_CA_is_not_spoken_to()
    {
        // It lets everybody of our CA in, and would be glad to.
        await using var impostor = await TlsNode.StartAsync([.. _theirs.SettingsOf("carol"), ("Dske:Tls:ClientCaFile", _ours.AuthorityFile)]);
        await using var sam = await StartSamAsync();

        await AssertRefusedAsync(sam, new Uri(impostor.Url, "/caller"), "PartialChain");
    }

    [Fact]
    public async Task A_server_of_another_name_is_not_spoken_to()
    {
        // An address of loopback that no certificate of the CA is for.
        await using var carol = await TlsNode.StartAsync(_ours.SettingsOf("carol"), url: "https://127.0.0.2:0");
        await using var sam = await StartSamAsync();

        await AssertRefusedAsync(sam, new Uri(carol.Url, "/caller"), "it is not of '127.0.0.2'");
    }

    // A node refuses to serve with such a certificate: this server is none of ours.
    [Fact]
    public async Task A_server_with_the_certificate_of_a_caller_is_not_spoken_to()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        var certificate = _ours.Keep(_ours.Authority.Issue(new X500DistinguishedName("CN=sam"), names, new Oid("1.3.6.1.5.5.7.3.2")));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);
        await using var sam = await StartSamAsync();

        await AssertRefusedAsync(sam, new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/caller"), "NotValidForUsage");

        await serving;
    }

    [Fact]
    public async Task What_a_node_calls_with_is_read_again()
    {
        await using var carol = await TlsNode.StartAsync(_ours.SettingsOf("carol"));
        await using var sam = await StartSamAsync();
        using (var issued = _ours.Authority.IssueSae("samantha"))
        {
            issued.Write(_ours.PathOf("sae.pem"), _ours.PathOf("sae.key"));
        }

        sam.Materials.Reload();
        using var http = Client(sam);

        Assert.Equal("samantha", await http.GetStringAsync(new Uri(carol.Url, "/caller"), Cancellation));
    }

    [Fact]
    public async Task Plain_HTTP_stays_as_it_is()
    {
        await using var node = await TestNode.StartAsync(app => app.MapGet("/", () => "plain"));
        await using var sam = await StartSamAsync();
        using var http = Client(sam);

        Assert.Equal("plain", await http.GetStringAsync(node.Client.BaseAddress, Cancellation));
    }

    /// <summary>Starts an encryptor: it serves with one certificate and calls with another.</summary>
    private Task<TlsNode> StartSamAsync()
    {
        using (var issued = _ours.Authority.IssueSae("sam"))
        {
            issued.Write(_ours.PathOf("sae.pem"), _ours.PathOf("sae.key"));
        }

        return TlsNode.StartAsync(
            _ours.SettingsOf(
                "sam", ("Dske:Tls:OutboundCertificateFile", _ours.PathOf("sae.pem")), ("Dske:Tls:OutboundKeyFile", _ours.PathOf("sae.key"))),
            services: services => services.AddHttpClient("once").RemoveRetries());
    }

    private static HttpClient Client(TlsNode caller) => caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("once");

    private static async Task AssertRefusedAsync(TlsNode caller, Uri url, string reason)
    {
        using var http = Client(caller);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(url, Cancellation));

        Assert.Contains(caller.Log.Entries, entry => entry.Text.Contains("is not accepted", StringComparison.Ordinal) && entry.Text.Contains(reason, StringComparison.Ordinal));
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var connection = await listener.AcceptTcpClientAsync(Cancellation);
        await using var stream = new SslStream(connection.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Cancellation);
            await stream.ReadExactlyAsync(new byte[1], Cancellation);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // As it should be.
        }
    }
}
