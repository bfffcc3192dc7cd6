using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A share as a hub keeps it. Posting client and key ID together name it.</summary>
/// <param name="PostedBy">The client that posted it.</param>
/// <param name="KeyId">The key it belongs to.</param>
/// <param name="Master">The encryptor that made the key.</param>
/// <param name="Slave">The encryptor that may fetch it.</param>
/// <param name="SlaveClient">The client that owned the slave SAE when the share was posted.</param>
/// <param name="Index">Which share it is.</param>
/// <param name="Value">The share: secret.</param>
/// <param name="ExpiresAt">When it is to be erased.</param>
/// <param name="Delivered">Whether it was fetched.</param>
public sealed record ShareRecord(
    NodeName PostedBy,
    Guid KeyId,
    SaeId Master,
    SaeId Slave,
    NodeName SlaveClient,
    int Index,
    SecretBytes Value,
    DateTimeOffset ExpiresAt,
    bool Delivered);
