using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Persistence;

/// <summary>A share as a hub keeps it. Posting client and key ID together name it.</summary>
/// <param name="PostedBy">The client that posted it.</param>
/// <param name="KeyId">The key it belongs to.</param>
/// <param name="Master">The encryptor that made the key.</param>
/// <param name="Recipients">Who may fetch it, each of them: 1 to <see cref="ShareRecipient.Max"/>.</param>
/// <param name="Index">Which share it is.</param>
/// <param name="Value">The share: secret.</param>
/// <param name="ExpiresAt">When it is to be erased.</param>
public sealed record ShareRecord(
    NodeName PostedBy,
    Guid KeyId,
    SaeId Master,
    IReadOnlyList<ShareRecipient> Recipients,
    int Index,
    SecretBytes Value,
    DateTimeOffset ExpiresAt);
