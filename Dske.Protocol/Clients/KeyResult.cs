using Dske.Protocol.KeyDelivery;

namespace Dske.Protocol.Clients;

/// <summary>Keys, or why there are none: all that were asked for, or nothing.</summary>
/// <param name="Outcome">What became of the request.</param>
/// <param name="Keys">The keys, which the receiver disposes; null unless the outcome is <see cref="KeyOutcome.Ok"/>.</param>
public readonly record struct KeyResult(KeyOutcome Outcome, KeyContainer? Keys);
