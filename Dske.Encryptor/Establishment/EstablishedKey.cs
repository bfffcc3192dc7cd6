using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Establishment;

/// <summary>What may be known of an established key: everything but the key.</summary>
/// <param name="Peer">The other encryptor.</param>
/// <param name="Role">Which end this encryptor was.</param>
/// <param name="KeyId">The key's ID.</param>
/// <param name="SizeBits">The key's size in bits.</param>
/// <param name="Fingerprint">Eight digits to compare with the peer's.</param>
/// <param name="EstablishedAt">When the peer's proof was found right.</param>
internal sealed record EstablishedKey(
    SaeId Peer,
    KeyRole Role,
    Guid KeyId,
    int SizeBits,
    string Fingerprint,
    DateTimeOffset EstablishedAt);
