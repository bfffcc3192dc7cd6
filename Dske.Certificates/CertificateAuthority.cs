using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dske.Certificates;

/// <summary>
/// A certificate authority for laboratories: one self-signed root (ECDSA, P-384) that issues certificates for nodes, SAEs and operators (ECDSA,
/// P-256). Its key is a file; what guards more than a laboratory belongs to an authority whose key is guarded better.
/// </summary>
/// <remarks>Safe for concurrent use, save for <see cref="Dispose"/>.</remarks>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long a root is valid: ten years.</summary>
    public static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);

    /// <summary>How long what it issues is valid: a year, but not longer than the root.</summary>
    public static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(365);

    /// <summary>How far clocks may be apart: certificates are valid this long before they are made.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly IssuedCertificate _root;
    private readonly TimeProvider _time;

    private CertificateAuthority(IssuedCertificate root, TimeProvider time)
    {
        _root = root;
        _time = time;
    }

    /// <summary>The root certificate, which those who are to trust this authority need. It is disposed with this object.</summary>
    public X509Certificate2 Certificate => _root.Certificate;

    /// <summary>Makes an authority with a fresh key.</summary>
    /// <param name="name">Its name, which becomes the common name of its certificate: 1 to 64 characters.</param>
    /// <param name="time">The clock that dates certificates.</param>
    /// <exception cref="ArgumentNullException"><paramref name="time"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty or too long.</exception>
    public static CertificateAuthority Create(string name, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(time);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest(CertificateSubject.Of(name, nameof(name)), key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var root = request.CreateSelfSigned(now - ClockSkew, now + RootLifetime);
        return new CertificateAuthority(new IssuedCertificate(X509CertificateLoader.LoadCertificate(root.RawData), key), time);
    }

    /// <summary>Loads an authority that <see cref="Write"/> wrote.</summary>
    /// <param name="certificateFile">The file of its certificate.</param>
    /// <param name="keyFile">The file of its private key.</param>
    /// <param name="time">The clock that dates certificates.</param>
    /// <param name="authority">The authority, which the caller disposes, when the result is true.</param>
    /// <param name="problem">A sentence that says what is wrong, when the result is false.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static bool TryLoad(
        string certificateFile,
        string keyFile,
        TimeProvider time,
        [NotNullWhen(true)] out CertificateAuthority? authority,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        ArgumentNullException.ThrowIfNull(keyFile);
        ArgumentNullException.ThrowIfNull(time);
        (authority, problem) = (null, null);
        try
        {
            using var root = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var key = root.GetECDsaPrivateKey();
            problem = key is null
                ? $"{certificateFile} is not the certificate of an authority of this kind, whose keys are ECDSA."
                : root.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault()?.CertificateAuthority != true
                    ? $"{certificateFile} is not the certificate of an authority."
                    : root.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime ? $"{certificateFile} has expired." : null;
            if (problem is not null)
            {
                key?.Dispose();
                return false;
            }

            authority = new CertificateAuthority(new IssuedCertificate(X509CertificateLoader.LoadCertificate(root.RawData), key!), time);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = $"{certificateFile} and {keyFile} cannot be used: {exception.Message}";
            return false;
        }
    }

    /// <summary>
    /// Issues a certificate for a node, which serves with it and calls other nodes with it: for the host names of the node, <c>localhost</c> and the
    /// loopback addresses. Its URI says that it is a node's, so that it names no SAE.
    /// </summary>
    /// <param name="name">The node's name, a DNS label.</param>
    /// <param name="otherHosts">Further DNS names under which it is reached.</param>
    /// <returns>The certificate, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="otherHosts"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty, or no DNS name.</exception>
    public IssuedCertificate IssueNode(string name, params IReadOnlyCollection<string> otherHosts)
    {
        ArgumentNullException.ThrowIfNull(otherHosts);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(CertificateNames.OfNode(name)));
        foreach (var host in otherHosts.Prepend("localhost").Prepend(name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            names.AddDnsName(host);
        }

        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddIpAddress(System.Net.IPAddress.IPv6Loopback);
        return Issue(CertificateSubject.Of(name, nameof(name)), names, KeyPurpose.Server, KeyPurpose.Client);
    }

    /// <summary>Issues a certificate with which an SAE calls its KME. Its URI is the SAE ID, and so is its common name if that has room for it.</summary>
    /// <param name="saeId">The SAE ID.</param>
    /// <returns>The certificate, which the caller disposes.</returns>
    /// <exception cref="ArgumentException"><paramref name="saeId"/> is null or empty.</exception>
    public IssuedCertificate IssueSae(string saeId)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(CertificateNames.OfSae(saeId)));
        return Issue(CertificateSubject.OfSae(saeId), names, KeyPurpose.Client);
    }

    /// <summary>Issues a certificate with which somebody looks after nodes: it opens what is open to every holder of a certificate, and names no SAE.</summary>
    /// <param name="name">Who that is: 1 to 64 characters.</param>
    /// <returns>The certificate, which the caller disposes.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty or too long.</exception>
    public IssuedCertificate IssueOperator(string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(CertificateNames.OfOperator(name)));
        return Issue(CertificateSubject.Of(name, nameof(name)), names, KeyPurpose.Client);
    }

    /// <summary>Writes the root certificate and its key as PEM.</summary>
    /// <param name="certificateFile">The file of the certificate; one that exists is replaced. Its directory exists.</param>
    /// <param name="keyFile">The file of the private key, which its owner alone can read; one that exists is replaced.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be written.</exception>
    public void Write(string certificateFile, string keyFile) => _root.Write(certificateFile, keyFile);

    /// <summary>Lets the key go.</summary>
    public void Dispose() => _root.Dispose();

    internal IssuedCertificate Issue(X500DistinguishedName subject, SubjectAlternativeNameBuilder names, params IReadOnlyList<Oid> purposes)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes], critical: false));
        request.CertificateExtensions.Add(names.Build(critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        var (notBefore, notAfter) = (Latest(now - ClockSkew, Certificate.NotBefore), Earliest(now + CertificateLifetime, Certificate.NotAfter));
        return new IssuedCertificate(request.Create(Certificate, notBefore, notAfter, DrawSerialNumber()), key);
    }

    // RFC 5280 section 4.1.2.2: positive, at most 20 bytes.
    private static byte[] DrawSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
