using Dske.Protocol.Errors;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>What an authentic answer says of one key.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Share">The share, which the receiver disposes; null when there is none.</param>
/// <param name="Error">Why there is none; null when there is one.</param>
public readonly record struct FetchedKeyShare(Guid KeyId, Share? Share, DskeError? Error);
