using System.Diagnostics.CodeAnalysis;

namespace Dske.Certificates;

/// <summary>
/// How an authority and what it issued lie in a directory that only its owner may look into: <c>ca.pem</c>, <c>ca.key</c> and, once something was
/// revoked, <c>ca.crl</c>; below <c>nodes</c> and <c>saes</c> a certificate and a key for each.
/// </summary>
/// <param name="path">The directory. It need not exist.</param>
public sealed class CertificateDirectory(string path)
{
    private const string CertificateExtension = ".pem";
    private const string KeyExtension = ".key";

    /// <summary>The directory.</summary>
    public string Path { get; } = path;

    /// <summary>The certificate of the authority, for whoever is to trust what it issues, and its key.</summary>
    public (string Certificate, string Key) Authority => Pair(Path, "ca");

    /// <summary>The certificate of whoever operates the network, and its key.</summary>
    public (string Certificate, string Key) Operator => Pair(Path, "operator");

    /// <summary>The list of what was revoked.</summary>
    public string RevocationFile => System.IO.Path.Combine(Path, "ca.crl");

    private string Nodes => System.IO.Path.Combine(Path, "nodes");

    private string Saes => System.IO.Path.Combine(Path, "saes");

    /// <summary>The certificate of something that is neither a node nor an SAE, and its key.</summary>
    /// <param name="fileName">Its name, which a file can have.</param>
    public (string Certificate, string Key) Of(string fileName) => Pair(Path, fileName);

    /// <summary>The certificate of a node and its key.</summary>
    /// <param name="fileName">The node's name.</param>
    public (string Certificate, string Key) OfNode(string fileName) => Pair(Nodes, fileName);

    /// <summary>The certificate of an SAE and its key. An SAE ID may hold what a file name may not: the name is the caller's choice.</summary>
    /// <param name="fileName">A name that a file can have.</param>
    public (string Certificate, string Key) OfSae(string fileName) => Pair(Saes, fileName);

    /// <summary>Creates the directory and those in it, for their owner alone. Those that exist are closed to others.</summary>
    /// <exception cref="IOException">One cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">One must not be created.</exception>
    public void Create()
    {
        CreateOne(Path);
        CreateOne(Nodes);
        CreateOne(Saes);
    }

    /// <summary>Deletes the certificates and keys of nodes and SAEs. The authority stays.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be deleted.</exception>
    public void DeleteIssued()
    {
        foreach (var file in new[] { Nodes, Saes }.SelectMany(Directory.EnumerateFiles).Where(IsOurs).ToList())
        {
            File.Delete(file);
        }
    }

    /// <summary>Loads the authority.</summary>
    /// <param name="time">The clock that dates certificates.</param>
    /// <param name="authority">The authority, which the caller disposes, when the result is true.</param>
    /// <param name="problem">A sentence that says what is wrong, when the result is false.</param>
    /// <exception cref="ArgumentNullException"><paramref name="time"/> is null.</exception>
    public bool TryLoadAuthority(
        TimeProvider time, [NotNullWhen(true)] out CertificateAuthority? authority, [NotNullWhen(false)] out string? problem) =>
        CertificateAuthority.TryLoad(Authority.Certificate, Authority.Key, time, out authority, out problem);

    /// <summary>Makes an authority and writes it into the directory, which exists. One that is there is replaced.</summary>
    /// <param name="name">Its name: 1 to 64 characters.</param>
    /// <param name="time">The clock that dates certificates.</param>
    /// <returns>The authority, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="time"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null, empty or too long.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be written.</exception>
    public CertificateAuthority CreateAuthority(string name, TimeProvider time)
    {
        var authority = CertificateAuthority.Create(name, time);
        try
        {
            authority.Write(Authority.Certificate, Authority.Key);
            return authority;
        }
        catch
        {
            authority.Dispose();
            throw;
        }
    }

    private static (string Certificate, string Key) Pair(string directory, string name) =>
        (System.IO.Path.Combine(directory, name + CertificateExtension), System.IO.Path.Combine(directory, name + KeyExtension));

    private static bool IsOurs(string file) => System.IO.Path.GetExtension(file) is CertificateExtension or KeyExtension;

    private static void CreateOne(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(directory, ownerOnly);
            File.SetUnixFileMode(directory, ownerOnly);
        }
    }
}
