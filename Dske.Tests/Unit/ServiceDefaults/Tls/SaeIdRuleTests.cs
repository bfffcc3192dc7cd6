using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Services.Tls;

namespace Dske.Tests.Unit.ServiceDefaults.Tls;

/// <summary>Certificates are made of names as they stand: a list of "uri:", "dns:" and "cn:" each.</summary>
[Trait("Tier", "Unit")]
public sealed class SaeIdRuleTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sam", "uri:urn:dske:sae:sam")]
    [InlineData("sam", "uri:URN:DSKE:sae:sam")]
    [InlineData("Büro 1/a", "uri:urn:dske:sae:B%C3%BCro%201%2Fa")]
    [InlineData("a+b", "uri:urn:dske:sae:a+b")]
    [InlineData("%2F", "uri:urn:dske:sae:%252F")]
    [InlineData("a:b/c?d", "uri:urn:dske:sae:a:b/c?d")]
    [InlineData("sam", "uri:urn:dske:sae:sam", "uri:urn:dske:sae:sam")]
    [InlineData("sam", "uri:urn:dske:sae:sam", "uri:https://example.org/other")]
    [InlineData("sam", "uri:urn:dske:sae:sam", "dns:sara", "cn:sofia")]
    [InlineData("sara", "uri:https://example.org/sam", "dns:sara", "cn:sofia")]
    [InlineData("sofia", "uri:https://example.org/sam", "cn:sofia")]
    [InlineData("sam", "dns:sam")]
    [InlineData("Sam", "cn:Sam")]
    public void The_first_source_that_is_there_decides(string expected, params string[] names)
    {
        Assert.True(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(Certificate(names), out var saeId, out var problem), problem);

        Assert.Equal(expected, saeId.Value);
    }

    [Theory]
    [InlineData("names no SAE")]
    [InlineData("names no SAE", "uri:https://example.org/sam")]
    [InlineData("more than one", "uri:urn:dske:sae:sam", "uri:urn:dske:sae:sara", "dns:sam", "cn:sam")]
    [InlineData("more than one", "dns:sam", "dns:localhost", "cn:sam")]
    [InlineData("more than one", "cn:sam", "cn:sara")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:sam%2", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:sam%zz", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:sam%00", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%0a", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%C3", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%C0%AFsam", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%ED%A0%80", "cn:sam")]
    [InlineData("is no SAE ID", "uri:urn:dske:sae:%20", "cn:sam")]
    [InlineData("is no SAE ID", "dns:*.sam", "cn:sam")]
    [InlineData("a node's", "uri:urn:dske:node:sam")]
    [InlineData("a node's", "uri:urn:dske:node:carol", "dns:carol", "cn:carol")]
    [InlineData("a node's", "uri:Urn:Dske:Node:carol", "cn:carol")]
    [InlineData("a node's", "uri:urn:dske:sae:sam", "uri:urn:dske:node:sam")]
    [InlineData("a node's", "uri:urn:dske:operator:sam", "cn:sam")]
    [InlineData("a node's", "uri:urn:dske:saesam", "cn:sam")]
    public void What_is_not_one_SAE_is_none(string problemPart, params string[] names)
    {
        Assert.False(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(Certificate(names), out var saeId, out var problem));

        Assert.True(saeId.IsEmpty);
        Assert.Contains(problemPart, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sofia", "cn", "dns", "uri")]
    [InlineData("sara", "dns")]
    [InlineData("sara", "DNS", "Cn")]
    public void The_order_is_the_operator_s(string expected, params string[] order)
    {
        var options = new TlsOptions();
        Array.ForEach(order, options.SaeIdSources.Add);

        Assert.True(new SaeIdRule(options.ReadSaeIdSources()!).TryRead(Certificate("uri:urn:dske:sae:sam", "dns:sara", "cn:sofia"), out var saeId, out _));

        Assert.Equal(expected, saeId.Value);
    }

    [Fact]
    public void An_ID_as_long_as_they_get_fits()
    {
        var longest = new string('ü', 255);

        Assert.True(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(_folder.Sae(longest), out var saeId, out var problem), problem);
        Assert.Equal(longest, saeId.Value);
        Assert.False(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(_folder.Sae(longest + "x"), out _, out _));
    }

    [Theory]
    [InlineData("3000")]
    [InlineData("05")]
    [InlineData("3003860380")]
    [InlineData("30028600FF")]
    public void Names_that_are_malformed_or_none_name_nobody(string encoded)
    {
        var certificate = _folder.Make(request => request.CertificateExtensions.Add(new X509Extension("2.5.29.17", Convert.FromHexString(encoded), critical: false)), subject: "O=x");

        Assert.False(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(certificate, out _, out _));
    }

    [Fact]
    public void The_URIs_are_those_that_the_laboratory_s_CA_writes()
    {
        Assert.Equal(CertificateNames.Prefix, SaeIdRule.OwnPrefix);
        Assert.Equal(CertificateNames.SaePrefix, SaeIdRule.SaePrefix);
    }

    private X509Certificate2 Certificate(params string[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("x");
        using (writer.PushSequence())
        {
            foreach (var name in names)
            {
                var (kind, value) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
                if (kind == "cn")
                {
                    subject.AddCommonName(value);
                }
                else
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, value, new Asn1Tag(TagClass.ContextSpecific, kind == "dns" ? 2 : 6));
                }
            }
        }

        return _folder.Make(
            request =>
            {
                if (names.Any(name => !name.StartsWith("cn:", StringComparison.Ordinal)))
                {
                    request.CertificateExtensions.Add(new X509Extension("2.5.29.17", writer.Encode(), critical: false));
                }
            },
            subject: subject.Build().Name);
    }
}
