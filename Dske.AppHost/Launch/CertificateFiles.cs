using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dske.Certificates;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.AppHost.Launch;

/// <summary>
/// The directory <c>tls</c> in the data directory: a development CA, which lasts, and certificates of it, which are made anew at each start: one for
/// each node that runs here, one for each SAE to call its client with, one for the console, and one for whoever operates the network. Only their owner may look
/// into the directory.
/// </summary>
internal sealed class CertificateFiles(string dataDirectory)
{
    private const string AuthorityName = "Dske development CA";
    private const string OperatorName = "operator";
    private const string ConsoleName = "console";

    private readonly CertificateDirectory _directory = new(Path.Combine(dataDirectory, "tls"));

    /// <summary>The certificate of the CA, for whoever is to trust the nodes.</summary>
    public string AuthorityFile => _directory.Authority.Certificate;

    /// <summary>The operator's certificate and its key, for curl and the like.</summary>
    public (string Certificate, string Key) Operator => _directory.Operator;

    /// <summary>The certificate with which the console asks nodes how they are, and its key.</summary>
    public (string Certificate, string Key) Console => _directory.Of(ConsoleName);

    /// <summary>The certificate of a node and its key.</summary>
    public (string Certificate, string Key) OfNode(NodeName node) => _directory.OfNode(node.Value);

    /// <summary>The certificate with which an encryptor calls, and its key. They are named for the node: an SAE ID may hold what a file name may not.</summary>
    public (string Certificate, string Key) OfSae(NodeName encryptor) => _directory.OfSae(encryptor.Value);

    /// <summary>Makes the CA, unless there is one that is good for long enough, and the certificates.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="time">The clock that dates certificates.</param>
    /// <param name="problem">What is wrong and what to do, when the result is false.</param>
    /// <returns>Whether the nodes find what they need.</returns>
    public bool TryRenew(NetworkTopology topology, TimeProvider time, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            _directory.Create();
            _directory.DeleteIssued();
            using var authority = LoadOrCreate(time);
            Write(authority.IssueOperator(OperatorName), Operator);
            Write(authority.IssueNode(ConsoleName), Console);
            var clients = topology.Clients.Where(client => client.RunsHere).ToList();
            foreach (var node in topology.Hubs.Where(hub => hub.RunsHere).Select(hub => hub.Name).Concat(clients.Select(client => client.Name)))
            {
                Write(authority.IssueNode(node.Value), OfNode(node));
            }

            foreach (var encryptor in clients.SelectMany(client => client.Encryptors))
            {
                Write(authority.IssueNode(encryptor.Name.Value), OfNode(encryptor.Name));
                Write(authority.IssueSae(encryptor.SaeId.Value), OfSae(encryptor.Name));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = $"Certificates cannot be made: {e.Message} See to it that {_directory.Path} can be written, or name another directory with --data.";
        }

        return problem is null;
    }

    /// <summary>Makes what connects an HTTP client of the AppHost: as the operator, to servers of the CA and to nobody else.</summary>
    public SocketsHttpHandler CreateHandler() => MutualTls.CreateHandler(Operator.Certificate, Operator.Key, AuthorityFile);

    private static void Write(IssuedCertificate issued, (string Certificate, string Key) files)
    {
        using (issued)
        {
            issued.Write(files.Certificate, files.Key);
        }
    }

    // Whoever was told to trust it, or holds a certificate of it, need not be told again at each start.
    private CertificateAuthority LoadOrCreate(TimeProvider time)
    {
        if (_directory.TryLoadAuthority(time, out var authority, out var problem))
        {
            if (authority.Certificate.NotAfter - time.GetUtcNow() > CertificateAuthority.CertificateLifetime)
            {
                return authority;
            }

            authority.Dispose();
        }
        else if (File.Exists(AuthorityFile) && File.Exists(_directory.Authority.Key))
        {
            // Equipment may trust it: it is replaced by whoever deletes it, not by chance.
            throw new IOException($"The CA cannot be read: {problem} Put its files right, or delete {AuthorityFile} for a new one.");
        }

        return _directory.CreateAuthority(AuthorityName, time);
    }
}
