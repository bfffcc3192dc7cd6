using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Services.Tls;

namespace Dske.Tests.Unit.ServiceDefaults.Tls;

[Trait("Tier", "Unit")]
public sealed class RevocationListTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_says_what_it_revokes_and_when_it_is_valid()
    {
        var (sam, sofia) = (_folder.Sae("sam"), _folder.Sae("sofia"));

        var list = Read(Build(sam));

        Assert.True(list.IsSignedBy(_folder.Authority.Certificate));
        Assert.Equal((true, false), (list.Revokes(sam), list.Revokes(sofia)));
        Assert.Equal((Now.AddHours(-1), Now.AddDays(1)), (list.From, list.Until));
        Assert.Equal(
            [false, true, true, false],
            new[] { Now.AddHours(-2), list.From, Now, list.Until }.Select(list.IsValidAt));
    }

    [Fact]
    public void A_serial_number_with_leading_zeros_is_the_same_number()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256)
            .Create(_folder.Authority.Certificate, Now.AddYears(-3), Now.AddYears(-2), [0, 0x80, 1]);

        Assert.True(Read(Build(certificate)).Revokes(certificate));
    }

    [Fact]
    public void Another_CA_s_list_is_not_ours_even_under_our_name()
    {
        using var other = new CertificateFolder();
        var list = Read(Build());

        Assert.Equal(_folder.Authority.Certificate.Subject, other.Authority.Certificate.Subject);
        Assert.False(list.IsSignedBy(other.Authority.Certificate));
    }

    [Fact]
    public void A_certificate_of_the_CA_that_is_not_for_lists_signs_none()
    {
        var node = _folder.Keep(_folder.Authority.IssueNode("hank"));

        Assert.False(Read(Build()).IsSignedBy(node));
    }

    [Fact]
    public void A_list_that_was_changed_is_nobody_s()
    {
        var encoded = Build(_folder.Sae("sam"));
        var changed = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var copy = encoded.ToArray();
            copy[i] ^= 1;
            if (RevocationList.TryRead(copy, out var list, out _))
            {
                changed++;
                Assert.False(list.IsSignedBy(_folder.Authority.Certificate), $"Byte {i} may be changed.");
            }
        }

        Assert.True(changed > 100);
    }

    [Fact]
    public void A_list_that_ends_early_is_none()
    {
        var encoded = Build(_folder.Sae("sam"));

        Assert.All(Enumerable.Range(0, encoded.Length), length => Assert.False(RevocationList.TryRead(encoded[..length], out _, out _)));
        Assert.False(RevocationList.TryRead([.. encoded, 0], out _, out _));
    }

    [Theory]
    [InlineData("2.5.29.27", true)]
    [InlineData("2.5.29.28", true)]
    [InlineData("2.5.29.28", false)]
    public void A_list_of_some_changes_or_some_certificates_is_refused_if_it_says_so_critically(string extension, bool isCritical)
    {
        var encoded = BuildWith(extension, isCritical);

        Assert.Equal(!isCritical, RevocationList.TryRead(encoded, out _, out var problem));
        Assert.True(problem is null || problem.Contains(extension, StringComparison.Ordinal), problem);
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Lists_of_RSA_authorities_are_read_as_well(string hash)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=RSA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(2));

        var list = Read(new CertificateRevocationListBuilder().Build(
            authority, 1, Now.AddDays(1), new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1, Now));

        Assert.True(list.IsSignedBy(authority));
        Assert.False(list.IsSignedBy(_folder.Authority.Certificate));
    }

    private static RevocationList Read(byte[] encoded)
    {
        Assert.True(RevocationList.TryRead(encoded, out var list, out var problem), problem);
        return list;
    }

    private byte[] Build(params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        Array.ForEach(revoked, certificate => builder.AddEntry(certificate, Now, X509RevocationReason.KeyCompromise));
        return builder.Build(_folder.Authority.Certificate, BigInteger.One, Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now.AddHours(-1));
    }

    /// <summary>A list with one extension; its signature is not looked at here.</summary>
    private byte[] BuildWith(string extension, bool isCritical)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteAlgorithm(writer);
                writer.WriteEncodedValue(_folder.Authority.Certificate.SubjectName.RawData);
                writer.WriteUtcTime(Now);
                writer.WriteUtcTime(Now.AddDays(1));
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(extension);
                    if (isCritical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString([2, 1, 1]);
                }
            }

            WriteAlgorithm(writer);
            writer.WriteBitString([0]);
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
        }
    }
}
