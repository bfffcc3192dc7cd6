using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>A client at a hub, as management may show it.</summary>
/// <param name="Name">The client.</param>
/// <param name="Encryptors">The encryptors it registered.</param>
/// <param name="IsNative">Whether it sent an instance with its registration, as our clients do.</param>
/// <param name="NetworkMismatch">Whether it means another network (other hubs, order or threshold): an alarm.</param>
/// <param name="WasSetBack">Whether this hub's storage turned out to be an older copy than the client knows: an alarm.</param>
/// <param name="IsSynced">Whether both ends have agreed on where they are since this hub started; links to other implementations count as synced.</param>
/// <param name="HubOwned">The blocks from which the hub allocates.</param>
/// <param name="ClientOwned">The blocks from which the client allocates.</param>
public sealed record ClientStatus(
    NodeName Name,
    IReadOnlyList<SaeId> Encryptors,
    bool IsNative,
    bool NetworkMismatch,
    bool WasSetBack,
    bool IsSynced,
    IReadOnlyList<BlockStatus> HubOwned,
    IReadOnlyList<BlockStatus> ClientOwned);
