using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Dske.Protocol.Identifiers;

namespace Dske.ServiceDefaults.Tls;

/// <summary>Who is at the other end of a connection over TLS as <see cref="TlsOptions"/> has it, for as long as the connection lasts.</summary>
/// <remarks>Safe for concurrent use once the handshake is over.</remarks>
public sealed class TlsCaller
{
    // Certificates expire and revocation lists run out while connections stay open.
    private static readonly TimeSpan RecheckInterval = TimeSpan.FromMinutes(1);

    private readonly TlsMaterials _materials;
    private readonly TimeProvider _time;
    private readonly X509Certificate2 _server;
    private X509Certificate2? _certificate;
    private X509Certificate2[] _others = [];
    private SaeId _saeId;
    private string? _saeProblem = "the connection has no client certificate";
    private volatile Verdict? _verdict;

    internal TlsCaller(TlsMaterials materials, TimeProvider time, X509Certificate2 server)
    {
        _materials = materials;
        _time = time;
        _server = server;
    }

    /// <summary>Whether the caller showed a certificate, and it was found good.</summary>
    public bool IsVerified => _verdict is not null;

    /// <summary>Finds the SAE that the caller's certificate names.</summary>
    /// <param name="saeId">The SAE, when the result is true.</param>
    /// <param name="problem">Why there is none, in words for the caller, when the result is false.</param>
    public bool TryGetSaeId(out SaeId saeId, [NotNullWhen(false)] out string? problem)
    {
        (saeId, problem) = (_saeId, _saeProblem);
        return problem is null;
    }

    /// <summary>Takes the caller's certificate in the handshake.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    internal string? Accept(X509Certificate2 certificate, X509Chain? chain, SaeIdRule rule)
    {
        // Copies: what the handshake hands out ends with it.
        _certificate = Copy(certificate);
        _others = [.. chain?.ChainPolicy.ExtraStore.Select(Copy) ?? []];
        var problem = Check(_materials.Current);
        if (problem is null)
        {
            rule.TryRead(_certificate, out _saeId, out _saeProblem);
        }

        return problem;
    }

    /// <summary>Looks again, when the files have changed or some time has passed.</summary>
    /// <returns>What is wrong with the certificate by now; null when nothing is, or there is none.</returns>
    internal string? Recheck()
    {
        var material = _materials.Current;
        return _verdict is { } verdict && (verdict.Material != material || _time.GetElapsedTime(verdict.At) >= RecheckInterval)
            ? Check(material)
            : null;
    }

    /// <summary>Whether the node's certificate says that a host name or address is the node's.</summary>
    internal bool IsOwnHost(string host) => Uri.CheckHostName(host) != UriHostNameType.Unknown && _server.MatchesHostname(host, allowWildcards: true, allowCommonName: false);

    internal string? Subject => _certificate?.Subject;

    private static X509Certificate2 Copy(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    private string? Check(TlsMaterial material)
    {
        var problem = material.Clients.FindProblem(_certificate!, _others, PeerRole.Client, _time.GetUtcNow());
        if (problem is null)
        {
            _verdict = new Verdict(material, _time.GetTimestamp());
        }

        return problem;
    }

    private sealed record Verdict(TlsMaterial Material, long At);
}
