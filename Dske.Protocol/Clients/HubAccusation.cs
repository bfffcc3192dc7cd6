using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>A share did not fit its key: either the hub lied, or who made the key.</summary>
/// <param name="Hub">The hub that handed the share out.</param>
/// <param name="Initiator">Who made the key, as far as it is known.</param>
/// <param name="KeyId">The key.</param>
public sealed record HubAccusation(NodeName Hub, string Initiator, Guid KeyId);
