using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.Tests.Services.Tls;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>The certificates of two encryptors that speak TLS: what each serves and calls with. A test may put others in their place before they start.</summary>
internal sealed class PairCertificates : IDisposable
{
    public PairCertificates()
    {
        foreach (var saeId in new[] { "sam", "sofia" })
        {
            Serve(saeId, Ours.Authority);
            CallAs(saeId, Ours.Authority.IssueSae(saeId));
        }
    }

    /// <summary>The CA that both trust.</summary>
    public CertificateFolder Ours { get; } = new();

    /// <summary>A CA that neither trusts.</summary>
    public CertificateFolder Theirs { get; } = new("Another CA");

    /// <summary>Has an encryptor serve with a certificate of its name, of that authority.</summary>
    public void Serve(string saeId, CertificateAuthority authority)
    {
        using var issued = authority.IssueNode(saeId);
        issued.Write(Ours.PathOf($"{saeId}.pem"), Ours.PathOf($"{saeId}.key"));
    }

    /// <summary>Has an encryptor call with a certificate, and disposes that.</summary>
    public void CallAs(string saeId, IssuedCertificate issued)
    {
        using (issued)
        {
            issued.Write(Ours.PathOf($"{saeId}-sae.pem"), Ours.PathOf($"{saeId}-sae.key"));
        }
    }

    /// <summary>The settings with which an encryptor uses its certificates.</summary>
    public (string Key, string Value)[] SettingsOf(string saeId) =>
    [
        ("Dske:Tls:CertificateFile", Ours.PathOf($"{saeId}.pem")),
        ("Dske:Tls:KeyFile", Ours.PathOf($"{saeId}.key")),
        ("Dske:Tls:OutboundCertificateFile", Ours.PathOf($"{saeId}-sae.pem")),
        ("Dske:Tls:OutboundKeyFile", Ours.PathOf($"{saeId}-sae.key")),
        ("Dske:Tls:ClientCaFile", Ours.AuthorityFile),
    ];

    /// <summary>Calls an encryptor as an SAE, or as somebody else, of our CA. It takes the encryptor for what it is, whoever certified it.</summary>
    public HttpClient Connect(Uri url, string saeId)
    {
        X509Certificate2Collection authorities = [.. Ours.Authorities, .. Theirs.Authorities];
        return new HttpClient(MutualTls.CreateHandler(Ours.Sae(saeId), authorities)) { BaseAddress = url };
    }

    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }
}
