using System.Security.Cryptography;
using System.Text;
using Dske.Certificates;

namespace Dske.Cli.Network;

/// <summary>Connects to nodes: plainly or, where certificates are given, over TLS with them.</summary>
internal static class NodeConnection
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes what asks nodes.</summary>
    /// <param name="certificates">The caller's certificate, its key and the authorities of the servers; null for plain connections.</param>
    /// <returns>It, which the caller disposes.</returns>
    /// <exception cref="CommandFailure">A file is no good.</exception>
    public static HttpClient Create(CertificatePaths? certificates)
    {
        const int maxAnswer = 32 * 1024 * 1024;
        return new HttpClient(CreateHandler(certificates)) { Timeout = Timeout, MaxResponseContentBufferSize = maxAnswer };
    }

    private static SocketsHttpHandler CreateHandler(CertificatePaths? certificates)
    {
        if (certificates is null)
        {
            return new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,

                // An SAE ID in the header that says who calls may be text of any language.
                RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            };
        }

        try
        {
            return MutualTls.CreateHandler(certificates.Certificate, certificates.Key, certificates.Authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandFailure(
                ExitCode.BadInput,
                $"{certificates.Certificate}, {certificates.Key} and {certificates.Authorities} are no certificate, its key and authorities: {e.Message}");
        }
    }
}
