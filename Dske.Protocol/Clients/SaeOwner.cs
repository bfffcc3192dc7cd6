using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Clients;

/// <summary>Who has an encryptor.</summary>
/// <param name="Kind">What is known of that.</param>
/// <param name="Client">The client (KME) that has it; null unless it is <see cref="SaeOwnerKind.Known"/>.</param>
public readonly record struct SaeOwner(SaeOwnerKind Kind, NodeName? Client)
{
    /// <summary>A client that has an encryptor.</summary>
    /// <param name="client">The client.</param>
    public static SaeOwner Of(NodeName client) => new(SaeOwnerKind.Known, client);
}
