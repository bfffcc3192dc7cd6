using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dske.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Tls;

/// <summary>A directory with the certificates of a test: a CA of three years ago, and what it issues, now or at other times.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly List<IDisposable> _issued = [];
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public CertificateFolder(string name = "Test CA")
    {
        using (var authority = CertificateAuthority.Create(name, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(-3))))
        {
            authority.Write(AuthorityFile, PathOf("ca.key"));
        }

        Authority = AuthorityAt(TimeSpan.Zero);
    }

    public CertificateAuthority Authority { get; }

    public string AuthorityFile => PathOf("ca.pem");

    public string RevocationFile => PathOf("ca.crl");

    public X509Certificate2Collection Authorities => [Authority.Certificate];

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>The same CA with a clock that goes wrong.</summary>
    public CertificateAuthority AuthorityAt(TimeSpan offset)
    {
        Assert.True(
            CertificateAuthority.TryLoad(AuthorityFile, PathOf("ca.key"), new FakeTimeProvider(TimeProvider.System.GetUtcNow() + offset), out var authority, out var problem),
            problem);
        _issued.Add(authority);
        return authority;
    }

    /// <summary>Has something disposed with this folder.</summary>
    public X509Certificate2 Keep(IssuedCertificate issued)
    {
        _issued.Add(issued);
        return issued.Certificate;
    }

    public X509Certificate2 Sae(string saeId) => Keep(Authority.IssueSae(saeId));

    /// <summary>Writes a node's certificate and makes the settings with which the node uses it.</summary>
    public (string Key, string Value)[] SettingsOf(string node, params (string Key, string Value)[] more)
    {
        WriteNode(Authority, node);
        return
        [
            ("Dske:Tls:CertificateFile", PathOf($"{node}.pem")),
            ("Dske:Tls:KeyFile", PathOf($"{node}.key")),
            ("Dske:Tls:ClientCaFile", AuthorityFile),
            .. more,
        ];
    }

    /// <summary>Writes a certificate for a node.</summary>
    public void WriteNode(CertificateAuthority authority, string node)
    {
        using var issued = authority.IssueNode(node);
        issued.Write(PathOf($"{node}.pem"), PathOf($"{node}.key"));
    }

    /// <summary>Writes the revocation list.</summary>
    public void WriteRevocations(params X509Certificate2[] certificates)
    {
        var revoked = new RevokedCertificates();
        foreach (var certificate in certificates)
        {
            revoked.Add(certificate, TimeProvider.System);
        }

        revoked.Write(Authority, RevocationFile, TimeProvider.System);
    }

    /// <summary>A certificate made by hand: for what a CA in its right mind would not issue.</summary>
    /// <param name="change">Completes the request, which begins with a subject and a key.</param>
    /// <param name="issuer">Who signs; null for the certificate itself.</param>
    /// <param name="subject">The subject.</param>
    public X509Certificate2 Make(Action<CertificateRequest> change, X509Certificate2? issuer = null, string subject = "CN=sam")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        change(request);
        if (issuer is null)
        {
            return Keep(request.CreateSelfSigned(_now.AddMinutes(-4), _now.AddDays(1)));
        }

        using var certificate = request.Create(issuer, _now.AddMinutes(-4), _now.AddDays(1), Encoding.ASCII.GetBytes($"{_issued.Count:D8}"));
        return Keep(certificate.CopyWithPrivateKey(key));
    }

    public void Dispose()
    {
        _issued.ForEach(issued => issued.Dispose());
        _directory.Delete(recursive: true);
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _issued.Add(certificate);
        return certificate;
    }
}
