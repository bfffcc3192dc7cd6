using Dske.Protocol.KeyDelivery;

namespace Dske.Protocol.Clients;

/// <summary>What became of the fetching of one key.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Key">The key, which the receiver disposes; null unless the outcome is <see cref="KeyOutcome.Ok"/>.</param>
/// <param name="IsLeftOff">Whether hubs that have no room for it in their answers may have it: it is to be asked for again.</param>
internal sealed record CollectedKey(KeyOutcome Outcome, DeliveredKey? Key, bool IsLeftOff = false);
