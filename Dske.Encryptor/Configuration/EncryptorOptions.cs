namespace Dske.Encryptor.Configuration;

/// <summary>
/// An encryptor's configuration as it is written, section <c>Dske:Encryptor</c>. <see cref="EncryptorSettings"/> is what becomes of it.
/// </summary>
internal sealed class EncryptorOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Encryptor";

    /// <summary>How long to wait for a peer unless told otherwise: its own KME may take most of it.</summary>
    public static readonly TimeSpan DefaultPeerTimeout = TimeSpan.FromSeconds(15);

    /// <summary>This encryptor's SAE ID, 1 to 255 printable characters. Required.</summary>
    public string? SaeId { get; set; }

    /// <summary>The KME that delivers its keys. Required.</summary>
    public KmeOptions Kme { get; set; } = new();

    /// <summary>The encryptors it establishes keys with. Default: none.</summary>
    public IList<PeerOptions> Peers { get; } = [];

    /// <summary>Where keys go on each roll-over. Default: none.</summary>
    public IList<SinkOptions> Sinks { get; } = [];

    /// <summary>How long a peer may take to answer an offer, 1 s to 5 min. Default: 15 s.</summary>
    public TimeSpan PeerTimeout { get; set; } = DefaultPeerTimeout;
}
