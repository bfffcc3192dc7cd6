using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Psrd;

/// <summary>Names a pool within one node's storage: the peer at the other end of the link, and who allocates.</summary>
/// <param name="Peer">The peer: a hub at a client, a client at a hub.</param>
/// <param name="Owner">The end that allocates.</param>
public readonly record struct PsrdPoolKey(NodeName Peer, PoolOwner Owner);
