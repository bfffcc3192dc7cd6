using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;

namespace Dske.Tests.Distributed;

/// <summary>A network of its own in which everybody speaks TLS.</summary>
public sealed class TlsNetwork : NetworkFixture
{
    public new const string Collection = "A network of processes with TLS";

    protected override IReadOnlyList<string> Options => ["--tls"];

    /// <summary>Calls a node with a certificate of the network, as curl would: <c>operator</c>, <c>nodes/carol</c>, <c>saes/sam</c>.</summary>
    public HttpClient Connect(string node, string certificate) => new(MutualTls.CreateHandler(PathOf(certificate + ".pem"), PathOf(certificate + ".key"), PathOf("ca.pem")))
    {
        BaseAddress = Application.GetEndpoint(node),
    };

    /// <summary>Calls a node without a certificate.</summary>
    public HttpClient ConnectWithoutCertificate(string node)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(PathOf("ca.pem"));
        return new HttpClient(MutualTls.CreateHandler(certificate: null, authorities)) { BaseAddress = Application.GetEndpoint(node) };
    }

    /// <summary>Where a file of the network's certificates lies.</summary>
    public string PathOf(string file) => Path.Combine(DataDirectory, "tls", file);
}
