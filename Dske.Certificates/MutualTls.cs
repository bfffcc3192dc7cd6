using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dske.Certificates;

/// <summary>
/// HTTP with a client certificate, for programs that call nodes: a console, an AppHost, equipment with the typed key delivery client. Servers are
/// trusted by the given authorities alone, never by those of the system, and have to be named as in the URL.
/// </summary>
public static class MutualTls
{
    /// <summary>Makes a handler for an <see cref="HttpClient"/>. The files are read once.</summary>
    /// <param name="certificateFile">The client certificate (PEM).</param>
    /// <param name="keyFile">Its private key (PEM, not encrypted).</param>
    /// <param name="authoritiesFile">The certificates of the authorities of the servers (PEM).</param>
    /// <returns>The handler, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file does not hold what it should.</exception>
    public static SocketsHttpHandler CreateHandler(string certificateFile, string keyFile, string authoritiesFile)
    {
        ArgumentNullException.ThrowIfNull(certificateFile);
        ArgumentNullException.ThrowIfNull(keyFile);
        ArgumentNullException.ThrowIfNull(authoritiesFile);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authoritiesFile);
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        return CreateHandler(certificate, authorities);
    }

    /// <summary>Makes a handler for an <see cref="HttpClient"/>.</summary>
    /// <param name="certificate">The client certificate with its private key; null for none. It lives as long as the handler.</param>
    /// <param name="authorities">The certificates of the authorities of the servers.</param>
    /// <returns>The handler, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="authorities"/> is null.</exception>
    public static SocketsHttpHandler CreateHandler(X509Certificate2? certificate, X509Certificate2Collection authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(KeyPurpose.Server);
        policy.CustomTrustStore.AddRange(authorities);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,

            // An SAE ID in the header that says who calls may be text of any language.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            },
        };
    }
}
