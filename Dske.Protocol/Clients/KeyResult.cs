using Dske.Protocol.Secrets;

namespace Dske.Protocol.Clients;

/// <summary>A key, or why there is none.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="KeyId">The key's UUID.</param>
/// <param name="Key">The key, which the receiver disposes; null unless the outcome is <see cref="KeyOutcome.Ok"/>.</param>
public readonly record struct KeyResult(KeyOutcome Outcome, Guid KeyId, SecretBytes? Key);
