using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Hubs;

/// <summary>A share as management may show it: everything but the share.</summary>
/// <param name="ClientName">The client that posted it.</param>
/// <param name="KeyId">The key it belongs to.</param>
/// <param name="MasterSaeId">The encryptor that made the key.</param>
/// <param name="SlaveSaeIds">The encryptors that may fetch it.</param>
/// <param name="ShareIndex">Which share it is.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Delivered">Whether it was fetched for all of them.</param>
/// <param name="ExpiresAt">When it will be erased.</param>
public sealed record ShareStatus(
    NodeName ClientName, Guid KeyId, SaeId MasterSaeId, IReadOnlyList<SaeId> SlaveSaeIds, int ShareIndex, int Size, bool Delivered, DateTimeOffset ExpiresAt);
