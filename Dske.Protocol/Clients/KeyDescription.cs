using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>Which key a share belongs to, who handles it and for whom.</summary>
/// <param name="Client">The client that posts or fetches.</param>
/// <param name="KeyId">The key's UUID.</param>
/// <param name="Master">The encryptor that made the key.</param>
/// <param name="Slave">The encryptor that may fetch it.</param>
public sealed record KeyDescription(NodeName Client, Guid KeyId, SaeId Master, SaeId Slave);
