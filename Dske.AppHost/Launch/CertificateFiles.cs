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
    private const string CertificateExtension = ".pem";
    private const string KeyExtension = ".key";

    private readonly string _directory = Path.Combine(dataDirectory, "tls");

    /// <summary>The certificate of the CA, for whoever is to trust the nodes.</summary>
    public string AuthorityFile => Path.Combine(_directory, "ca" + CertificateExtension);

    /// <summary>The operator's certificate and its key, for curl and the like.</summary>
    public (string Certificate, string Key) Operator => Pair(_directory, OperatorName);

    /// <summary>The certificate with which the console asks nodes how they are, and its key.</summary>
    public (string Certificate, string Key) Console => Pair(_directory, ConsoleName);

    private string AuthorityKeyFile => Path.Combine(_directory, "ca" + KeyExtension);

    private string NodeDirectory => Path.Combine(_directory, "nodes");

    private string SaeDirectory => Path.Combine(_directory, "saes");

    /// <summary>The certificate of a node and its key.</summary>
    public (string Certificate, string Key) OfNode(NodeName node) => Pair(NodeDirectory, node.Value);

    /// <summary>The certificate with which an encryptor calls, and its key. They are named for the node: an SAE ID may hold what a file name may not.</summary>
    public (string Certificate, string Key) OfSae(NodeName encryptor) => Pair(SaeDirectory, encryptor.Value);

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
            CreateDirectory(_directory);
            CreateDirectory(NodeDirectory);
            CreateDirectory(SaeDirectory);
            DeleteAll(NodeDirectory);
            DeleteAll(SaeDirectory);
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
            problem = $"Certificates cannot be made: {e.Message} See to it that {_directory} can be written, or name another directory with --data.";
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

    private static (string Certificate, string Key) Pair(string directory, string name) =>
        (Path.Combine(directory, name + CertificateExtension), Path.Combine(directory, name + KeyExtension));

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(path, ownerOnly);
            File.SetUnixFileMode(path, ownerOnly);
        }
    }

    private static void DeleteAll(string directory)
    {
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => Path.GetExtension(file) is CertificateExtension or KeyExtension).ToList())
        {
            File.Delete(file);
        }
    }

    // Whoever was told to trust it, or holds a certificate of it, need not be told again at each start.
    private CertificateAuthority LoadOrCreate(TimeProvider time)
    {
        if (CertificateAuthority.TryLoad(AuthorityFile, AuthorityKeyFile, time, out var authority, out var problem))
        {
            if (authority.Certificate.NotAfter - time.GetUtcNow() > CertificateAuthority.CertificateLifetime)
            {
                return authority;
            }

            authority.Dispose();
        }
        else if (File.Exists(AuthorityFile) && File.Exists(AuthorityKeyFile))
        {
            // Equipment may trust it: it is replaced by whoever deletes it, not by chance.
            throw new IOException($"The CA cannot be read: {problem} Put its files right, or delete {AuthorityFile} for a new one.");
        }

        authority = CertificateAuthority.Create(AuthorityName, time);
        authority.Write(AuthorityFile, AuthorityKeyFile);
        return authority;
    }
}
