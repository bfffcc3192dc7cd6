using Dske.Protocol.KeyDelivery;

namespace Dske.Protocol.Clients;

/// <summary>What became of the making of keys that travel together.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Keys">The keys, which the receiver disposes; none unless the outcome is <see cref="KeyOutcome.Ok"/>.</param>
internal readonly record struct MadeKeys(KeyOutcome Outcome, IReadOnlyList<DeliveredKey> Keys);
