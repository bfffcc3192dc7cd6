using Dske.Protocol.Identifiers;

namespace Dske.Storage.States;

/// <summary>A share as the database has it: its value only encrypted, under a key that lies elsewhere.</summary>
/// <param name="PostedBy">The client that posted it.</param>
/// <param name="KeyId">The key it belongs to.</param>
/// <param name="Master">The encryptor that made the key.</param>
/// <param name="Slave">The encryptor that may fetch it.</param>
/// <param name="SlaveClient">The client that owned the slave SAE when the share was posted.</param>
/// <param name="Index">Which share it is.</param>
/// <param name="Slot">Where its key lies.</param>
/// <param name="Sealed">The encrypted value.</param>
/// <param name="ExpiresAt">When it is to be erased.</param>
/// <param name="Delivered">Whether it was fetched.</param>
internal sealed record ShareRow(
    NodeName PostedBy,
    Guid KeyId,
    SaeId Master,
    SaeId Slave,
    NodeName SlaveClient,
    int Index,
    int Slot,
    byte[] Sealed,
    DateTimeOffset ExpiresAt,
    bool Delivered);
