using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Services.Tls;

namespace Dske.Tests.Unit.ServiceDefaults.Tls;

[Trait("Tier", "Unit")]
public sealed class PeerTrustTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Time_is_what_the_clock_says()
    {
        var (trust, sam) = (new PeerTrust(_folder.Authorities, null), _folder.Sae("sam"));

        Assert.Null(trust.FindProblem(sam, [], PeerRole.Client, Now));
        Assert.Equal("NotTimeValid", trust.FindProblem(sam, [], PeerRole.Client, Now.AddDays(366)));
        Assert.Equal("NotTimeValid", trust.FindProblem(sam, [], PeerRole.Client, Now.AddHours(-1)));
    }

    [Fact]
    public void A_certificate_is_for_the_role_that_it_names()
    {
        var trust = new PeerTrust(_folder.Authorities, null);
        var (sam, carol) = (_folder.Sae("sam"), _folder.Keep(_folder.Authority.IssueNode("carol")));

        Assert.Equal("NotValidForUsage", trust.FindProblem(sam, [], PeerRole.Server, Now));
        Assert.Null(trust.FindProblem(carol, [], PeerRole.Server, Now));
        Assert.Null(trust.FindProblem(carol, [], PeerRole.Client, Now));
    }

    [Fact]
    public void A_node_is_no_authority_for_others()
    {
        using var node = _folder.Make(Leaf, _folder.Authority.Certificate, "CN=hank");
        using var key = node.GetECDsaPrivateKey()!;
        var impostor = new CertificateRequest("CN=hank", key, HashAlgorithmName.SHA256);
        impostor.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        using var signer = impostor.CreateSelfSigned(node.NotBefore, node.NotAfter);
        var forged = _folder.Make(Leaf, signer);

        Assert.NotNull(new PeerTrust(_folder.Authorities, null).FindProblem(forged, [node], PeerRole.Client, Now));
    }

    [Fact]
    public void A_certificate_that_is_malformed_inside_is_refused_and_no_fault()
    {
        var odd = _folder.Make(
            request => request.CertificateExtensions.Add(new X509Extension("2.5.29.19", [0x30, 0x03, 0x01, 0x01], critical: false)), _folder.Authority.Certificate);

        Assert.NotNull(new PeerTrust(_folder.Authorities, null).FindProblem(odd, [], PeerRole.Client, Now));
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(false, false, "PartialChain")]
    public void Intermediate_authorities_come_from_the_file_or_the_peer(bool inFile, bool fromPeer, string? problem)
    {
        using var root = MakeAuthority("CN=Root", null);
        using var intermediate = MakeAuthority("CN=Intermediate", root);
        var leaf = _folder.Make(Leaf, intermediate);
        X509Certificate2[] authorities = inFile ? [root, intermediate] : [root];

        Assert.Equal(problem, new PeerTrust(authorities, null).FindProblem(leaf, fromPeer ? [intermediate] : [], PeerRole.Client, Now));
    }

    [Fact]
    public void An_intermediate_authority_alone_is_no_root()
    {
        using var root = MakeAuthority("CN=Root", null);
        using var intermediate = MakeAuthority("CN=Intermediate", root);

        Assert.NotNull(new PeerTrust([intermediate], null).FindProblem(_folder.Make(Leaf, intermediate), [root], PeerRole.Client, Now));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(29, null)]
    [InlineData(31, "there is no revocation list of its authority that is valid now")]
    public void A_revocation_list_counts_while_it_is_valid(int days, string? problem)
    {
        _folder.WriteRevocations();

        Assert.Equal(problem, new PeerTrust(_folder.Authorities, ReadLists()).FindProblem(_folder.Sae("sam"), [], PeerRole.Client, Now.AddDays(days)));
    }

    [Fact]
    public void A_revocation_list_that_is_over_still_revokes()
    {
        var sam = _folder.Sae("sam");
        _folder.WriteRevocations(sam);

        Assert.Equal("it is revoked", new PeerTrust(_folder.Authorities, ReadLists()).FindProblem(sam, [], PeerRole.Client, Now.AddDays(31)));
    }

    [Fact]
    public void Without_a_list_of_each_authority_nobody_is_let_in()
    {
        using var root = MakeAuthority("CN=Root", null);
        using var intermediate = MakeAuthority("CN=Intermediate", root);
        var leaf = _folder.Make(Leaf, intermediate);
        var (ofRoot, ofIntermediate) = (MakeList(root), MakeList(intermediate));
        X509Certificate2[] all = [root, intermediate];

        Assert.Null(new PeerTrust(all, [ofRoot, ofIntermediate]).FindProblem(leaf, [], PeerRole.Client, Now));
        Assert.NotNull(new PeerTrust(all, [ofRoot]).FindProblem(leaf, [], PeerRole.Client, Now));
        Assert.NotNull(new PeerTrust(all, [ofIntermediate]).FindProblem(leaf, [], PeerRole.Client, Now));
        Assert.Equal("one of its authorities is revoked", new PeerTrust(all, [MakeList(root, intermediate), ofIntermediate]).FindProblem(leaf, [], PeerRole.Client, Now));
    }

    private static void Leaf(CertificateRequest request) =>
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));

    private static RevocationList MakeList(X509Certificate2 authority, params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        Array.ForEach(revoked, certificate => builder.AddEntry(certificate, Now));
        Assert.True(RevocationList.TryRead(builder.Build(authority, 1, Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now.AddHours(-1)), out var list, out var problem), problem);
        return list;
    }

    private RevocationList[] ReadLists()
    {
        var pem = File.ReadAllText(_folder.RevocationFile);
        var fields = PemEncoding.Find(pem);
        Assert.True(RevocationList.TryRead(Convert.FromBase64String(pem[fields.Base64Data]), out var list, out var problem), problem);
        return [list];
    }

    private X509Certificate2 MakeAuthority(string subject, X509Certificate2? issuer) => _folder.Make(
        request =>
        {
            request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        },
        issuer,
        subject);
}
