using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Dske.Tests.Services.ServiceDefaults;

[Trait("Tier", "Services")]
public sealed class AccessConventionTests
{
    [Theory]
    [InlineData("GET", "/local", null, null, null)]
    [InlineData("PUT", "/local", null, null, null)]
    [InlineData("GET", "/local", "X-Forwarded-For", "1.2.3.4", "local-only")]
    [InlineData("GET", "/local", "Via", "1.1 front", "local-only")]
    [InlineData("GET", "/local", "Host", "evil.example", "foreign-host")]
    [InlineData("GET", "/local", "Origin", "http://evil.example", null)]
    [InlineData("PUT", "/local", "Origin", "http://evil.example", "foreign-origin")]
    [InlineData("GET", "/local", "Sec-Fetch-Site", "cross-site", null)]
    [InlineData("PUT", "/local", "Sec-Fetch-Site", "cross-site", "foreign-origin")]
    [InlineData("GET", "/changing", null, null, null)]
    [InlineData("GET", "/changing", "X-Forwarded-For", "1.2.3.4", null)]
    [InlineData("GET", "/changing", "Host", "evil.example", "foreign-host")]
    [InlineData("GET", "/changing", "Sec-Fetch-Site", "cross-site", "foreign-origin")]
    [InlineData("GET", "/both", "X-Forwarded-For", "1.2.3.4", "local-only")]
    [InlineData("GET", "/both", "Origin", "http://evil.example", "foreign-origin")]
    [InlineData("GET", "/open", "Host", "evil.example", null)]
    public async Task Routes_are_guarded_as_they_say(string method, string path, string? header, string? value, string? refusal)
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (refusal is null)
        {
            Assert.Equal((HttpStatusCode.OK, "done"), (response.StatusCode, body));
            return;
        }

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal($"urn:dske:error:{refusal}", JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_guard_stands_before_the_body_is_read()
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/local/body") { Content = new StringContent("{", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "1.2.3.4");

        using var response = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Behind_a_trusted_front_local_routes_answer()
    {
        await using var node = await StartAsync(("Dske:Access:TrustFront", "true"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/local");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "1.2.3.4");

        using var response = await node.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Over_TLS_local_routes_answer_whoever_speaks_for_whom()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
        await using var node = await TestNode.StartAsync(
            app => app.MapGet("/local", () => "done").LocalOnly(),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        using var http = new HttpClient(handler) { BaseAddress = node.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/local");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "1.2.3.4");

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/node/sam/x", HttpStatusCode.OK)]
    [InlineData("/node/Sam/x", HttpStatusCode.NotFound)]
    [InlineData("/node/sofia/x", HttpStatusCode.NotFound)]
    public async Task A_path_that_names_another_node_is_not_served(string path, HttpStatusCode expected)
    {
        await using var node = await StartAsync();

        using var response = await node.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    private static Task<TestNode> StartAsync(params (string Key, string Value)[] settings) => TestNode.StartAsync(
        app =>
        {
            var local = app.MapGroup("/local").LocalOnly();
            local.MapGet("", () => "done");
            local.MapPut("", () => "done");
            local.MapPost("/body", (Body body) => body.Text);
            app.MapGet("/changing", () => "done").StateChanging();
            app.MapGet("/both", () => "done").LocalOnly().StateChanging();
            app.MapGet("/open", () => "done");
            app.MapGroup("/node/{name}").ServesOnly("name", _ => "sam", "urn:dske:error:unknown-node").MapGet("/x", () => "done");
        },
        settings: settings);

    internal sealed record Body(string Text);
}
