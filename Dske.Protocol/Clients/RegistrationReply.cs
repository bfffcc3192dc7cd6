namespace Dske.Protocol.Clients;

/// <summary>A hub's answer to a registration that it accepted.</summary>
/// <param name="Instance">The hub's instance; null when it sent none: then it is not one of ours.</param>
/// <param name="NetworkHash">The hash of the network that the hub means; null when it sent none.</param>
/// <param name="PoolsReplaced">Whether the hub dropped the PSRD it had for the client: then what the client has is of no use either.</param>
public sealed record RegistrationReply(Guid? Instance, string? NetworkHash, bool PoolsReplaced = false);
