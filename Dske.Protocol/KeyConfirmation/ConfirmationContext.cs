using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyConfirmation;

/// <summary>What a proof is bound to besides the key: which key it is and between whom.</summary>
/// <param name="KeyId">The key's ID.</param>
/// <param name="Initiator">The encryptor that got the key first.</param>
/// <param name="Responder">The encryptor that gets the key by its ID.</param>
public sealed record ConfirmationContext(Guid KeyId, SaeId Initiator, SaeId Responder);
