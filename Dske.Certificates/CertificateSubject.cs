using System.Security.Cryptography.X509Certificates;

namespace Dske.Certificates;

/// <summary>The subjects of certificates. A common name has at most 64 characters (RFC 5280 appendix A.1).</summary>
internal static class CertificateSubject
{
    private const int MaxCommonName = 64;

    public static X500DistinguishedName Of(string commonName, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(commonName, parameter);
        if (commonName.Length > MaxCommonName)
        {
            throw new ArgumentException($"A name has at most {MaxCommonName} characters.", parameter);
        }

        return Build(commonName);
    }

    /// <summary>An SAE ID that is too long is left out rather than cut off: what is left might be another one's.</summary>
    public static X500DistinguishedName OfSae(string saeId)
    {
        ArgumentException.ThrowIfNullOrEmpty(saeId);
        return Build(saeId.Length > MaxCommonName ? null : saeId);
    }

    private static X500DistinguishedName Build(string? commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("Dske");
        if (commonName is not null)
        {
            name.AddCommonName(commonName);
        }

        return name.Build();
    }
}
