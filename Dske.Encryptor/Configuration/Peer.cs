using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Configuration;

/// <summary>An encryptor that this one establishes keys with.</summary>
/// <param name="SaeId">Who it is.</param>
/// <param name="Url">Where it is; ends with a slash.</param>
internal sealed record Peer(SaeId SaeId, Uri Url);
