using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Tls;

/// <summary>How the node's web server shakes hands: each time with the certificates and the trust of that moment.</summary>
internal sealed class ServerHandshake(TlsMaterials materials, IOptions<TlsOptions> options, TlsRefusals refusals, TimeProvider time)
{
    private readonly bool _requiresCertificate = options.Value.RequireClientCertificate;
    private readonly SaeIdRule _rule = new(options.Value.ReadSaeIdSources()!);

    /// <summary>Sets the defaults of https addresses.</summary>
    public void Configure(HttpsConnectionAdapterOptions https)
    {
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

        // Any other mode brings a check of the web server's own with it, which knows nothing of the connection. Callers are asked all the same.
        https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
        https.ServerCertificateSelector = (_, _) => materials.Current.Server.Certificate;
        https.OnAuthenticate = Prepare;
    }

    private void Prepare(ConnectionContext connection, SslServerAuthenticationOptions handshake)
    {
        var own = materials.Current.Server;
        var caller = new TlsCaller(materials, time, own.Certificate);
        connection.Features.Set(caller);
        handshake.ServerCertificateContext = own.Context;
        handshake.ServerCertificateSelectionCallback = null;
        handshake.ClientCertificateRequired = true;
        handshake.CertificateChainPolicy = PeerTrust.Nobody();
        handshake.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;

        // A session taken up again would bring the verdict of an earlier day with it.
        handshake.AllowTlsResume = false;
        handshake.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is null)
            {
                return !_requiresCertificate || Refuse("it has to show one");
            }

            return caller.Accept((X509Certificate2)certificate, chain, _rule) is not { } problem || Refuse(problem);
        };

        bool Refuse(string problem)
        {
            refusals.Report(PeerRole.Client, connection.RemoteEndPoint?.ToString() ?? "(unknown)", caller.Subject, problem);
            return false;
        }
    }
}
