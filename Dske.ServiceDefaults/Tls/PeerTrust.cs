using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// Which certificates of peers are good: those of the given authorities, at the given time, for what they are used for, and not revoked. Nothing
/// that the system trusts counts, and nothing is fetched from anywhere.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PeerTrust
{
    private readonly X509Certificate2[] _authorities;
    private readonly ILookup<string, RevocationList>? _revocations;

    /// <param name="authorities">The authorities, roots and intermediates.</param>
    /// <param name="revocations">Their revocation lists; null when revocation is not checked.</param>
    public PeerTrust(IEnumerable<X509Certificate2> authorities, IReadOnlyList<RevocationList>? revocations)
    {
        _authorities = [.. authorities];

        // Signatures are checked here, once: a list may be long.
        _revocations = revocations?
            .SelectMany(list => _authorities.Where(list.IsSignedBy), static (list, authority) => (Authority: IdentifierOf(authority), List: list))
            .ToLookup(static pair => pair.Authority, static pair => pair.List);
    }

    /// <summary>A policy by which no certificate is good: for the framework's own check, which would look into the system's stores otherwise.</summary>
    public static X509ChainPolicy Nobody() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>Says what is wrong with the certificate of a peer.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="others">What the peer sent with it; nothing in there is trusted.</param>
    /// <param name="role">What the peer is.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when nothing is.</returns>
    public string? FindProblem(X509Certificate2 certificate, IEnumerable<X509Certificate2> others, PeerRole role, DateTimeOffset now)
    {
        try
        {
            return Check(certificate, others, role, now);
        }
        catch (CryptographicException)
        {
            // Peers send what they like, extensions that are none among it.
            return "it cannot be read";
        }
    }

    /// <summary>Whether a certificate is the last one of a chain.</summary>
    public static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static string IdentifierOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static string Describe(X509ChainStatus[] statuses) =>
        string.Join(", ", statuses.Select(static status => status.Status.ToString()).Distinct(StringComparer.Ordinal));

    private string? Check(X509Certificate2 certificate, IEnumerable<X509Certificate2> others, PeerRole role, DateTimeOffset now)
    {
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static constraints => constraints.CertificateAuthority))
        {
            return "it is an authority's";
        }

        if (certificate.Extensions.OfType<X509KeyUsageExtension>().Any(static usage => !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)))
        {
            return "its key is not for signatures";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = Nobody();
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(role.PurposeOf());
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Where(IsRoot).ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(_authorities.Where(static authority => !IsRoot(authority)).Concat(others).ToArray());
        try
        {
            return chain.Build(certificate) ? FindRevocation(chain, now) : Describe(chain.ChainStatus);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    // As RFC 5280 section 6.3 has it, and closed where a list is missing: who keeps it away would otherwise undo a revocation.
    private string? FindRevocation(X509Chain chain, DateTimeOffset now)
    {
        if (_revocations is null)
        {
            return null;
        }

        for (var i = 0; i + 1 < chain.ChainElements.Count; i++)
        {
            var lists = _revocations[IdentifierOf(chain.ChainElements[i + 1].Certificate)].ToList();
            if (lists.Exists(list => list.Revokes(chain.ChainElements[i].Certificate)))
            {
                return i == 0 ? "it is revoked" : "one of its authorities is revoked";
            }

            if (!lists.Exists(list => list.IsValidAt(now)))
            {
                return "there is no revocation list of its authority that is valid now";
            }
        }

        return null;
    }
}
