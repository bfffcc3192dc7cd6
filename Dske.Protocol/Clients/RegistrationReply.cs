namespace Dske.Protocol.Clients;

/// <summary>A hub's answer to a registration that it accepted.</summary>
/// <param name="Instance">The hub's instance; null when it sent none: then it is not one of ours.</param>
/// <param name="NetworkHash">The hash of the network that the hub means; null when it sent none.</param>
public sealed record RegistrationReply(Guid? Instance, string? NetworkHash);
