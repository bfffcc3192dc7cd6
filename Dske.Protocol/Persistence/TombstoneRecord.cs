using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Persistence;

/// <summary>Says that an encryptor has had a key.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Slave">The encryptor.</param>
/// <param name="Until">Until when it has to be remembered.</param>
public sealed record TombstoneRecord(Guid KeyId, SaeId Slave, DateTimeOffset Until);
