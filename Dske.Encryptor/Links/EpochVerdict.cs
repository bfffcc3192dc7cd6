using Dske.Encryptor.Establishment;
using Dske.Protocol.KeyDelivery;

namespace Dske.Encryptor.Links;

/// <summary>How a message of the agreement was taken, with what there is to say.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Answer">The answer to an accepted hello.</param>
/// <param name="Instance">This end's instance, where it was missed.</param>
/// <param name="KmeFailure">What the KME did instead.</param>
internal sealed record EpochVerdict(
    EpochOutcome Outcome, byte[]? Answer = null, Guid? Instance = null, ExchangeResult<KeyContainer>? KmeFailure = null);
