using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.Certificates;

/// <summary>The certificates that an authority has revoked, and the revocation list (CRL, RFC 5280 section 5) that says so.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class RevokedCertificates
{
    /// <summary>How long a list is valid unless told otherwise: 30 days. Nodes refuse everybody once it is over, so write it again before.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(30);

    private readonly CertificateRevocationListBuilder _list;
    private BigInteger _number;

    private RevokedCertificates(CertificateRevocationListBuilder list, BigInteger number) => (_list, _number) = (list, number);

    /// <summary>Begins with no certificate.</summary>
    public RevokedCertificates()
        : this(new CertificateRevocationListBuilder(), BigInteger.Zero)
    {
    }

    /// <summary>Goes on from a list that <see cref="Write"/> wrote.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="revoked">What it revokes, when the result is true.</param>
    /// <param name="problem">A sentence that says what is wrong, when the result is false.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    public static bool TryLoad(string path, [NotNullWhen(true)] out RevokedCertificates? revoked, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        (revoked, problem) = (null, null);
        try
        {
            var list = CertificateRevocationListBuilder.LoadPem(File.ReadAllText(path), out var number);
            revoked = new RevokedCertificates(list, number);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = $"{path} is no revocation list: {exception.Message}";
            return false;
        }
    }

    /// <summary>Revokes a certificate. Once revoked it stays so; it counts once the list is written and nodes have read it.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="time">The clock that dates the revocation.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Add(X509Certificate2 certificate, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(time);
        _list.RemoveEntry(certificate.SerialNumberBytes.Span);
        _list.AddEntry(certificate, time.GetUtcNow());
    }

    /// <summary>Signs the list and writes it as PEM, with the next number.</summary>
    /// <param name="authority">The authority whose certificates are revoked.</param>
    /// <param name="path">The file; one that exists is replaced. Its directory exists.</param>
    /// <param name="time">The clock that dates the list.</param>
    /// <param name="lifetime">How long it is valid; null for <see cref="DefaultLifetime"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public void Write(CertificateAuthority authority, string path, TimeProvider time, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        var list = _list.Build(
            authority.Certificate, _number + 1, now + (lifetime ?? DefaultLifetime), HashAlgorithmName.SHA384, thisUpdate: now - CertificateAuthority.ClockSkew);
        PemFile.Write(path, PemEncoding.WriteString("X509 CRL", list) + "\n");
        _number++;
    }
}
