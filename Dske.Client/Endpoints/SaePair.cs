using Dske.Protocol.Identifiers;

namespace Dske.Client.Endpoints;

/// <summary>The two encryptors of a request for keys.</summary>
/// <param name="Caller">The one that asks, an encryptor of this client: the master of keys it gets, a slave of keys it gets by their IDs.</param>
/// <param name="Other">The one in the path.</param>
internal readonly record struct SaePair(SaeId Caller, SaeId Other);
