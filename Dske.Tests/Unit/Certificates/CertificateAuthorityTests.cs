using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.ServiceDefaults.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.Certificates;

[Trait("Tier", "Unit")]
public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CertificateAuthority _authority;

    public CertificateAuthorityTests() => _authority = CertificateAuthority.Create("Test CA", _time);

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void The_root_is_an_authority_for_certificates_and_revocation_lists()
    {
        var root = _authority.Certificate;
        var constraints = root.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        var usage = root.Extensions.OfType<X509KeyUsageExtension>().Single();

        Assert.Equal((true, true, true, 0), (constraints.Critical, constraints.CertificateAuthority, constraints.HasPathLengthConstraint, constraints.PathLengthConstraint));
        Assert.Equal((true, X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign), (usage.Critical, usage.KeyUsages));
        Assert.Equal("ECDSA_P384", CurveOf(root));
        Assert.Equal(
            (_time.GetUtcNow() - CertificateAuthority.ClockSkew, _time.GetUtcNow() + CertificateAuthority.RootLifetime),
            (new DateTimeOffset(root.NotBefore), new DateTimeOffset(root.NotAfter)));
    }

    [Fact]
    public void A_node_s_certificate_is_for_its_host_names_at_both_ends()
    {
        using var issued = _authority.IssueNode("carol", "carol.example");
        var certificate = issued.Certificate;

        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], PurposesOf(certificate));
        Assert.True(SubjectNames.TryRead(certificate, out var names));
        Assert.Equal(["carol", "localhost", "carol.example"], names.DnsNames);
        Assert.Equal(["urn:dske:node:carol"], names.Uris);
        Assert.Equal(["carol"], names.CommonNames);
        foreach (var host in (string[])["carol", "localhost", "carol.example", "127.0.0.1", "::1"])
        {
            Assert.True(certificate.MatchesHostname(host, allowCommonName: false), host);
        }

        Assert.False(certificate.MatchesHostname("celia", allowCommonName: false));
        AssertIssued(certificate);
    }

    [Theory]
    [InlineData("sam", "urn:dske:sae:sam")]
    [InlineData("Büro 1/a", "urn:dske:sae:B%C3%BCro%201%2Fa")]
    [InlineData("%2F", "urn:dske:sae:%252F")]
    public void An_SAE_s_certificate_is_for_calling(string saeId, string uri)
    {
        using var issued = _authority.IssueSae(saeId);

        Assert.Equal(["1.3.6.1.5.5.7.3.2"], PurposesOf(issued.Certificate));
        Assert.True(SubjectNames.TryRead(issued.Certificate, out var names));
        Assert.Equal([uri], names.Uris);
        Assert.Empty(names.DnsNames);
        Assert.Equal([saeId], names.CommonNames);
        AssertIssued(issued.Certificate);
    }

    [Fact]
    public void An_SAE_ID_that_is_too_long_for_a_common_name_is_not_cut_off()
    {
        using var longest = _authority.IssueSae(new string('x', 64));
        using var tooLong = _authority.IssueSae(new string('x', 65));

        Assert.Contains("CN=", longest.Certificate.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("CN=", tooLong.Certificate.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Serial_numbers_differ_and_what_is_issued_ends_with_the_root()
    {
        using var one = _authority.IssueSae("sam");
        _time.Advance(CertificateAuthority.RootLifetime - TimeSpan.FromDays(1));
        using var other = _authority.IssueSae("sam");

        Assert.NotEqual(one.Certificate.SerialNumber, other.Certificate.SerialNumber);
        Assert.Equal(_authority.Certificate.NotAfter, other.Certificate.NotAfter);
    }

    [Fact]
    public void What_is_written_is_whole_and_the_key_is_for_its_owner_alone()
    {
        var (certificate, key) = (PathOf("sam.pem"), PathOf("sam.key"));
        File.WriteAllText(key, "older");
        using var issued = _authority.IssueSae("sam");

        issued.Write(certificate, key);

        using var read = X509Certificate2.CreateFromPemFile(certificate, key);
        Assert.Equal(issued.Certificate.Thumbprint, read.Thumbprint);
        Assert.Equal(["sam.key", "sam.pem"], _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public void An_authority_goes_on_from_its_files()
    {
        _authority.Write(PathOf("ca.pem"), PathOf("ca.key"));

        Assert.True(CertificateAuthority.TryLoad(PathOf("ca.pem"), PathOf("ca.key"), _time, out var again, out var problem), problem);
        using (again)
        using (var issued = again.IssueSae("sam"))
        {
            AssertIssued(issued.Certificate);
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("nonsense")]
    [InlineData("a node's")]
    [InlineData("another key")]
    [InlineData("expired")]
    public void Files_that_are_no_authority_s_are_a_problem(string what)
    {
        var (certificate, key) = (PathOf("ca.pem"), PathOf("ca.key"));
        if (what != "missing")
        {
            _authority.Write(certificate, key);
        }

        using (var other = CertificateAuthority.Create("Other CA", _time))
        using (var node = other.IssueNode("hank"))
        {
            if (what == "nonsense")
            {
                File.WriteAllText(key, "nonsense");
            }
            else if (what == "a node's")
            {
                node.Write(certificate, key);
            }
            else if (what == "another key")
            {
                other.Write(PathOf("other.pem"), key);
            }
        }

        _time.Advance(what == "expired" ? CertificateAuthority.RootLifetime : TimeSpan.Zero);

        Assert.False(CertificateAuthority.TryLoad(certificate, key, _time, out _, out var problem));
        Assert.Contains(certificate, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CertificateAuthority.Create("", _time));
        Assert.Throws<ArgumentException>(() => CertificateAuthority.Create(new string('x', 65), _time));
        Assert.Throws<ArgumentException>(() => _authority.IssueSae(""));
        Assert.Throws<ArgumentException>(() => _authority.IssueNode(""));
        Assert.Throws<ArgumentException>(() => _authority.IssueOperator(new string('x', 65)));
    }

    [Fact]
    public void Revocations_add_up_over_restarts()
    {
        using var sam = _authority.IssueSae("sam");
        using var sofia = _authority.IssueSae("sofia");
        using var sunny = _authority.IssueSae("sunny");
        var revoked = new RevokedCertificates();
        revoked.Add(sam.Certificate, _time);
        revoked.Add(sam.Certificate, _time);
        revoked.Write(_authority, PathOf("ca.crl"), _time);

        Assert.True(RevokedCertificates.TryLoad(PathOf("ca.crl"), out var again, out var problem), problem);
        again.Add(sofia.Certificate, _time);
        again.Write(_authority, PathOf("ca.crl"), _time, TimeSpan.FromDays(7));

        var pem = File.ReadAllText(PathOf("ca.crl"));
        var fields = System.Security.Cryptography.PemEncoding.Find(pem);
        Assert.True(RevocationList.TryRead(Convert.FromBase64String(pem[fields.Base64Data]), out var list, out _));
        Assert.True(list.IsSignedBy(_authority.Certificate));
        Assert.Equal([true, true, false], new[] { sam, sofia, sunny }.Select(issued => list.Revokes(issued.Certificate)));
        Assert.Equal(_time.GetUtcNow().AddDays(7), list.Until);
        Assert.False(RevokedCertificates.TryLoad(PathOf("none.crl"), out _, out problem));
        Assert.Contains("none.crl", problem, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> PurposesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(oid => oid.Value);

    private static string CurveOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        return key.KeySize == 384 ? "ECDSA_P384" : $"ECDSA {key.KeySize}";
    }

    private void AssertIssued(X509Certificate2 certificate)
    {
        Assert.Null(new PeerTrust([_authority.Certificate], null).FindProblem(certificate, [], PeerRole.Client, _time.GetUtcNow()));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(256, certificate.GetECDsaPublicKey()!.KeySize);
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);
}
