using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dske.ServiceDefaults.Tls;

namespace Dske.ServiceDefaults.Outbound;

/// <summary>
/// Connects to other nodes, over TLS with the certificates and the trust of that moment. A server has to be of the configured authorities and bear
/// the host name of the URL; what the system trusts does not count.
/// </summary>
internal sealed class OutboundConnections(TlsMaterials materials, TlsRefusals refusals, TimeProvider time)
{
    /// <summary>Connects, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        // Anything but plain HTTP: whatever it means by its scheme, it is not sent in the clear.
        var stream = new NetworkStream(socket, ownsSocket: true);
        return context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttp
            ? stream
            : await SecureAsync(stream, context.DnsEndPoint.Host, cancellationToken);
    }

    private async Task<SslStream> SecureAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var material = materials.Current;
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    ClientCertificateContext = material.Outbound.Context,
                    CertificateChainPolicy = PeerTrust.Nobody(),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsGood(material, host, certificate as X509Certificate2, chain, errors),
                },
                cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private bool IsGood(TlsMaterial material, string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var problem = certificate is null
            ? "it has to show one"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? $"it is not of '{host}'"
                : material.Servers.FindProblem(certificate, chain?.ChainPolicy.ExtraStore ?? [], PeerRole.Server, time.GetUtcNow());
        if (problem is null)
        {
            return true;
        }

        refusals.Report(PeerRole.Server, host, certificate?.Subject, problem);
        return false;
    }
}
