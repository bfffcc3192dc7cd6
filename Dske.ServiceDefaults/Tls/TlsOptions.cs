namespace Dske.ServiceDefaults.Tls;

/// <summary>
/// TLS with certificates at both ends, bound to the section <c>Dske:Tls</c>. A node uses it for its https addresses and for its https calls once
/// <see cref="CertificateFile"/> is set. Files are PEM, and read again when they change.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Tls";

    /// <summary>
    /// The certificate that the node serves with, followed by those of intermediate authorities, if any. Default: none, and everything here is off.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its private key, not encrypted; nobody but the file's owner may look into it. Required with <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// The certificate that the node calls others with, followed by those of intermediate authorities, if any. Default: the one that it serves with.
    /// </summary>
    public string? OutboundCertificateFile { get; set; }

    /// <summary>Its private key. Required with <see cref="OutboundCertificateFile"/>.</summary>
    public string? OutboundKeyFile { get; set; }

    /// <summary>
    /// The certificates of the authorities whose certificates callers may show: roots, and intermediates where callers do not send them. Nobody
    /// else's count, least of all those that the system trusts. Required.
    /// </summary>
    public string? ClientCaFile { get; set; }

    /// <summary>The certificates of the authorities of the nodes that this one calls. Default: <see cref="ClientCaFile"/>.</summary>
    public string? ServerCaFile { get; set; }

    /// <summary>
    /// The revocation lists of the authorities, one of each, PEM or a single one as DER. Where it is set, a certificate counts only while a list of
    /// each of its authorities is valid and does not name it. Default: none, and revocation is not checked.
    /// </summary>
    public string? RevocationFile { get; set; }

    /// <summary>
    /// Where the SAE ID stands in a caller's certificate: <c>uri</c>, <c>dns</c> and <c>cn</c> in the order in which to look. Default: those three.
    /// </summary>
    public IList<string> SaeIdSources { get; } = [];

    /// <summary>
    /// Whether callers without a certificate are refused in the handshake. If not, they get at what is open to everybody, such as health and API pages;
    /// key delivery wants a certificate all the same. Default: true.
    /// </summary>
    public bool RequireClientCertificate { get; set; } = true;

    /// <summary>How often to look whether the files have changed, 1 s to 1 h. Default: 5 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal bool IsConfigured => !string.IsNullOrEmpty(CertificateFile);

    /// <summary>Reads <see cref="SaeIdSources"/>.</summary>
    /// <returns>Null for an unknown source, or one that is named twice.</returns>
    internal IReadOnlyList<SaeIdSource>? ReadSaeIdSources()
    {
        if (SaeIdSources.Count == 0)
        {
            return SaeIdRule.DefaultOrder;
        }

        var sources = new List<SaeIdSource>();
        foreach (var name in SaeIdSources)
        {
            SaeIdSource? source = name?.ToUpperInvariant() switch
            {
                "URI" => SaeIdSource.Uri,
                "DNS" => SaeIdSource.Dns,
                "CN" => SaeIdSource.CommonName,
                _ => null,
            };
            if (source is null || sources.Contains(source.Value))
            {
                return null;
            }

            sources.Add(source.Value);
        }

        return sources;
    }
}
