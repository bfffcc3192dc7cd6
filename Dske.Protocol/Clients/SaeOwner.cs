using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>Where an encryptor is attached, as far as that is known.</summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Client">The client; null unless it is known.</param>
public readonly record struct SaeOwner(SaeOwnerKind Kind, NodeName? Client);
