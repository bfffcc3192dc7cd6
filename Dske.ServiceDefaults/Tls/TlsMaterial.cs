using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dske.ServiceDefaults.Tls;

/// <summary>What handshakes need, made of one state of the files. Immutable, hence safe for concurrent use.</summary>
internal sealed class TlsMaterial
{
    private TlsMaterial(OwnCertificate server, OwnCertificate outbound, PeerTrust clients, PeerTrust servers)
    {
        Server = server;
        Outbound = outbound;
        Clients = clients;
        Servers = servers;
    }

    /// <summary>What the node serves with.</summary>
    public OwnCertificate Server { get; }

    /// <summary>What the node calls others with.</summary>
    public OwnCertificate Outbound { get; }

    /// <summary>Whom it lets call.</summary>
    public PeerTrust Clients { get; }

    /// <summary>Whom it calls.</summary>
    public PeerTrust Servers { get; }

    /// <summary>Makes it of files.</summary>
    /// <param name="files">Their content.</param>
    /// <param name="now">The time: certificates of this node have to be valid.</param>
    /// <param name="material">The result, when it is true.</param>
    /// <param name="problems">Everything that is wrong, each with its configuration key; empty when the result is true.</param>
    public static bool TryRead(TlsFiles files, DateTimeOffset now, [NotNullWhen(true)] out TlsMaterial? material, out IReadOnlyList<string> problems)
    {
        try
        {
            return TryMake(files, now, out material, out problems);
        }
        catch (CryptographicException exception)
        {
            // What is well formed outside may be malformed inside.
            (material, problems) = (null, [$"{TlsOptions.Section} names a file with a certificate that cannot be read: {exception.Message}"]);
            return false;
        }
    }

    private static bool TryMake(TlsFiles files, DateTimeOffset now, [NotNullWhen(true)] out TlsMaterial? material, out IReadOnlyList<string> problems)
    {
        material = null;
        var found = new List<string>(files.Problems);
        var server = ReadOwn(nameof(TlsOptions.CertificateFile), files.Certificate, files.Key, PeerRole.Server);
        var outbound = files.OutboundCertificate is null
            ? ReadOwn(nameof(TlsOptions.CertificateFile), files.Certificate, files.Key, PeerRole.Client)
            : ReadOwn(nameof(TlsOptions.OutboundCertificateFile), files.OutboundCertificate, files.OutboundKey, PeerRole.Client);
        var clients = ReadAuthorities(nameof(TlsOptions.ClientCaFile), files.ClientAuthorities);
        var servers = files.ServerAuthorities is null ? clients : ReadAuthorities(nameof(TlsOptions.ServerCaFile), files.ServerAuthorities);
        var revocations = files.Revocations is null ? null : ReadRevocations(files.Revocations, [.. clients, .. servers]);
        problems = [.. found.Distinct(StringComparer.Ordinal)];
        if (problems.Count == 0)
        {
            material = new TlsMaterial(server!, outbound!, new PeerTrust(clients, revocations), new PeerTrust(servers, revocations));
        }

        return material is not null;

        OwnCertificate? ReadOwn(string setting, byte[]? certificates, Protocol.Secrets.SecretBytes? key, PeerRole role)
        {
            if (certificates is null || key is null)
            {
                return null;
            }

            if (!OwnCertificate.TryRead(certificates, key, role, now, out var own, out var problem))
            {
                Report(setting, problem);
            }

            return own;
        }

        X509Certificate2[] ReadAuthorities(string setting, byte[]? pem)
        {
            if (pem is null)
            {
                return [];
            }

            var authorities = new X509Certificate2Collection();
            try
            {
                authorities.ImportFromPem(Encoding.UTF8.GetString(pem));
            }
            catch (CryptographicException exception)
            {
                Report(setting, exception.Message);
                return [];
            }

            if (!authorities.Any(PeerTrust.IsRoot))
            {
                Report(setting, "it holds no root certificate in PEM.");
            }

            foreach (var other in authorities.Where(static certificate => !IsAuthority(certificate)))
            {
                Report(setting, $"'{other.Subject}' is not the certificate of an authority.");
            }

            return [.. authorities];
        }

        List<RevocationList> ReadRevocations(byte[] content, X509Certificate2[] authorities)
        {
            var lists = new List<RevocationList>();
            foreach (var encoded in FindLists(content))
            {
                if (!RevocationList.TryRead(encoded, out var list, out var problem))
                {
                    Report(nameof(TlsOptions.RevocationFile), $"a list in it cannot be read: {problem}");
                }
                else if (!authorities.Any(list.IsSignedBy))
                {
                    Report(nameof(TlsOptions.RevocationFile), "a list in it is not signed by one of the authorities.");
                }
                else
                {
                    lists.Add(list);
                }
            }

            foreach (var authority in authorities.Where(authority => !lists.Exists(list => list.IsSignedBy(authority))))
            {
                Report(nameof(TlsOptions.RevocationFile), $"it holds no list of '{authority.Subject}', whose certificates could not be used then.");
            }

            return lists;
        }

        void Report(string setting, string problem) => found.Add($"{TlsOptions.Section}:{setting} cannot be used: {problem}");
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(static constraints => constraints.CertificateAuthority);

    private static List<byte[]> FindLists(byte[] content)
    {
        const byte derSequence = 0x30;
        if (content.Length > 0 && content[0] == derSequence)
        {
            return [content];
        }

        var lists = new List<byte[]>();
        var text = Encoding.UTF8.GetString(content).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "X509 CRL")
            {
                lists.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            }

            text = text[fields.Location.End..];
        }

        return lists;
    }
}
