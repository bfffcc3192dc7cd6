using Dske.Protocol.Messages;

namespace Dske.Protocol.Clients;

/// <summary>A hub's answer to a registration that it accepted.</summary>
/// <param name="Instance">The hub's instance; null when it sent none: then it is not one of ours.</param>
/// <param name="NetworkHash">The hash of the network that the hub means; null when it sent none.</param>
/// <param name="PoolsReplaced">Whether the hub dropped the PSRD it had for the client: then what the client has is of no use either.</param>
/// <param name="Statement">Where the hub is with the blocks of the link; null when it did not say.</param>
public sealed record RegistrationReply(Guid? Instance, string? NetworkHash, bool PoolsReplaced = false, LinkStatement? Statement = null);
