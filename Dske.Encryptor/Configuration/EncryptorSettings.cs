using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Configuration;

/// <summary>An encryptor's configuration, checked and typed. Immutable.</summary>
/// <param name="SaeId">This encryptor.</param>
/// <param name="KmeName">Its KME.</param>
/// <param name="KmeUrl">Where the KME is; ends with a slash.</param>
/// <param name="KmePath">The path of the KME's key delivery API.</param>
/// <param name="KmeTimeout">How long a call to the KME may take.</param>
/// <param name="Peers">The encryptors it establishes keys with, by SAE ID.</param>
/// <param name="PeerTimeout">How long a peer may take to answer an offer.</param>
internal sealed record EncryptorSettings(
    SaeId SaeId,
    NodeName KmeName,
    Uri KmeUrl,
    string KmePath,
    TimeSpan KmeTimeout,
    IReadOnlyDictionary<SaeId, Peer> Peers,
    TimeSpan PeerTimeout)
{
    /// <summary>Where keys go on each roll-over; no two with the same peer and name.</summary>
    public IReadOnlyList<SinkSettings> Sinks { get; init; } = [];
}
