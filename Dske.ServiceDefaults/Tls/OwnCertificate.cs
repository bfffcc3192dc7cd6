using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.ServiceDefaults.Tls;

/// <summary>A certificate of this node with its private key, and what it shows with it.</summary>
internal sealed class OwnCertificate
{
    private OwnCertificate(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The same for handshakes. Never disposed: connections use it as long as they last.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads a certificate and its key.</summary>
    /// <param name="certificates">The certificate and its intermediates, PEM.</param>
    /// <param name="key">The private key, PEM; it stays the caller's.</param>
    /// <param name="role">What the node is to be with it.</param>
    /// <param name="now">The time.</param>
    /// <param name="own">The certificate, when the result is true.</param>
    /// <param name="problem">What is wrong, as a sentence, when the result is false.</param>
    public static bool TryRead(
        byte[] certificates, SecretBytes key, PeerRole role, DateTimeOffset now, [NotNullWhen(true)] out OwnCertificate? own, [NotNullWhen(false)] out string? problem)
    {
        own = null;
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(Encoding.UTF8.GetString(certificates));
            if (all.Count == 0)
            {
                problem = "it holds no certificate in PEM.";
                return false;
            }

            var certificate = WithKey(all[0], key);
            problem = FindProblem(certificate, role, now);
            if (problem is null)
            {
                all.RemoveAt(0);
                own = new OwnCertificate(certificate, all);
                return true;
            }

            certificate.Dispose();
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            problem = $"certificate and key do not go together, or one of them is none: {exception.Message}";
        }

        return false;
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, SecretBytes key)
    {
        using var secret = new SecretBytes(key.Length * sizeof(char));
        var text = MemoryMarshal.Cast<byte, char>(secret.Span);
        var length = Encoding.Latin1.GetChars(key.Span, text);
        var whole = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text[..length]);
        if (!OperatingSystem.IsWindows())
        {
            return whole;
        }

        // The TLS of Windows takes no key that lives in memory only.
        using (whole)
        {
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), password: null);
        }
    }

    private static string? FindProblem(X509Certificate2 certificate, PeerRole role, DateTimeOffset now)
    {
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return $"the certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}.";
        }

        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(static usage => usage.EnhancedKeyUsages.Cast<Oid>()).ToList();
        return purposes.Count == 0 || purposes.Exists(purpose => purpose.Value == role.PurposeOf().Value)
            ? null
            : $"the certificate is not for {(role == PeerRole.Server ? "serving (serverAuth)" : "calling (clientAuth)")}.";
    }
}
