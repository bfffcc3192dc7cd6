using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;

namespace Dske.Tests.Services.Tls;

/// <summary>Whom a node lets shake hands, and whom not.</summary>
[Trait("Tier", "Services")]
public sealed class WrongCertificateTests : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string TrustedFile = "SSL_CERT_FILE";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly CertificateFolder _ours = new();
    private readonly CertificateFolder _theirs = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public async Task A_certificate_of_the_CA_opens_the_door_and_says_who_comes()
    {
        await using var node = await TlsNode.StartAsync(_ours.SettingsOf("carol"));
        using var http = node.Connect(_ours.Authorities, _ours.Sae("Büro 1/a"));

        Assert.Equal("Büro 1/a", await http.GetStringAsync("/caller", Cancellation));
        Assert.Empty(node.Log.Faults);
    }

    [Theory]
    [InlineData("none", "it has to show one")]
    [InlineData("self-signed", "UntrustedRoot")]
    [InlineData("other CA", "UntrustedRoot", "PartialChain", "NotSignatureValid")]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("not yet valid", "NotTimeValid")]
    [InlineData("for servers only", "NotValidForUsage")]
    [InlineData("not for signatures", "its key is not for signatures")]
    [InlineData("the authority's own", "it is an authority's")]
    [InlineData("of a node that plays CA", "InvalidBasicConstraints", "PartialChain")]
    [InlineData("revoked", "it is revoked")]
    public async Task Wrong_certificates_do_not_get_through_the_handshake(string what, params string[] reasons)
    {
        var sam = _ours.Sae("sam");
        _ours.WriteRevocations(what == "revoked" ? [sam] : []);
        await using var node = await TlsNode.StartAsync(_ours.SettingsOf("carol", ("Dske:Tls:RevocationFile", _ours.RevocationFile)));
        using var http = node.Connect(_ours.Authorities, Certificate(what, sam));

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/caller", Cancellation));

        var refusal = Assert.Single(node.Log.Entries, entry => entry.Text.Contains("is not accepted", StringComparison.Ordinal)).Text;
        Assert.True(Array.Exists(reasons, reason => refusal.Contains(reason, StringComparison.Ordinal)), refusal);
        using var another = node.Connect(_ours.Authorities, _ours.Sae("sofia"));
        Assert.Equal("sofia", await another.GetStringAsync("/caller", Cancellation));
    }

    // In a process that trusts one CA more: neither this one nor its user is to trust the CA of a test, least of all after a test that was cut short.
    [Fact]
    public async Task What_the_system_trusts_does_not_count()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere one process cannot trust what the others do not.");
        var start = new ProcessStartInfo(
            "dotnet", ["exec", typeof(WrongCertificateTests).Assembly.Location, "-method", $"{typeof(WrongCertificateTests).FullName}.{nameof(What_this_process_trusts_does_not_count)}", "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [TrustedFile] = _theirs.AuthorityFile },
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
            await process.WaitForExitAsync(Cancellation);

            Assert.True(process.ExitCode == 0 && (await output).Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", StringComparison.Ordinal), await output + await errors);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>What is run by the test above, with the CA that OpenSSL is told of.</summary>
    [Fact(Explicit = true)]
    public async Task What_this_process_trusts_does_not_count()
    {
        var file = Environment.GetEnvironmentVariable(TrustedFile) ?? string.Empty;
        var key = Path.ChangeExtension(file, ".key");
        Assert.SkipUnless(File.Exists(key), "This process trusts no CA of a test.");
        Assert.True(CertificateAuthority.TryLoad(file, key, TimeProvider.System, out var authority, out var problem), problem);
        using (authority)
        using (var issued = authority.IssueSae("sam"))
        {
            using (var chain = new X509Chain())
            {
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                Assert.True(chain.Build(issued.Certificate), "The process does not trust what it was told to.");
            }

            await using var node = await TlsNode.StartAsync(_ours.SettingsOf("carol"));
            using var http = node.Connect(_ours.Authorities, issued.Certificate);

            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/caller", Cancellation));
            Assert.Contains(node.Log.Entries, entry => entry.Text.Contains("is not accepted", StringComparison.Ordinal));
        }
    }

    // Written by hand, since the libraries of today do not offer TLS 1.1 any more.
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Versions_before_TLS_1_2_are_refused(byte minorVersion, bool isRefused)
    {
        await using var node = await TlsNode.StartAsync(_ours.SettingsOf("carol"));
        using var connection = new TcpClient();
        await connection.ConnectAsync(node.Url.Host, node.Url.Port, Cancellation);
        var stream = connection.GetStream();

        // Suites with ECDSA of TLS 1.0 and of 1.2; curve P-256; ECDSA with SHA-256.
        byte[] hello =
        [
            3, minorVersion, .. new byte[32], 0, 0, 6, 0xC0, 0x09, 0xC0, 0x0A, 0xC0, 0x2B, 1, 0,
            0, 22, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3,
        ];
        await stream.WriteAsync(new byte[] { 22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length }.Concat(hello).ToArray(), Cancellation);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, Cancellation);

        const byte alert = 21, handshake = 22, fatal = 2, protocolVersion = 70;
        Assert.Equal(isRefused ? alert : handshake, answer[0]);
        if (isRefused)
        {
            Assert.Equal((fatal, protocolVersion), (answer[5], answer[6]));
        }
    }

    private X509Certificate2? Certificate(string what, X509Certificate2 sam) => what switch
    {
        "none" => null,
        "self-signed" => _ours.Make(request => Complete(request, ClientAuthentication)),
        "other CA" => _theirs.Sae("sam"),
        "expired" => _ours.Keep(_ours.AuthorityAt(TimeSpan.FromDays(-400)).IssueSae("sam")),
        "not yet valid" => _ours.Keep(_ours.AuthorityAt(TimeSpan.FromHours(1)).IssueSae("sam")),
        "for servers only" => _ours.Make(request => Complete(request, ServerAuthentication), _ours.Authority.Certificate),
        "not for signatures" => _ours.Make(
            request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DataEncipherment, critical: true)), _ours.Authority.Certificate),
        "the authority's own" => _ours.Authority.Certificate,
        "of a node that plays CA" => _ours.Make(request => Complete(request, ClientAuthentication), PlayCertificateAuthority()),
        _ => sam,
    };

    private X509Certificate2 PlayCertificateAuthority()
    {
        // Nobody but the framework keeps a node from it: it is told that the certificate is an authority's.
        var node = _ours.Keep(_ours.Authority.IssueNode("hank"));
        using var key = node.GetECDsaPrivateKey()!;
        var request = new CertificateRequest(node.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        return request.CreateSelfSigned(node.NotBefore, node.NotAfter);
    }

    private static void Complete(CertificateRequest request, string purpose)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("urn:dske:sae:sam"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
    }
}
