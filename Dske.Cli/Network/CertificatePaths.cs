namespace Dske.Cli.Network;

/// <summary>The files of a connection over TLS, PEM all of them.</summary>
/// <param name="Certificate">The caller's certificate.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authorities">The authorities of the servers.</param>
internal sealed record CertificatePaths(string Certificate, string Key, string Authorities);
