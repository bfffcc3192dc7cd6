using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>How a link is to be kept. Immutable; the ranges are those of <see cref="LinkLimits"/>.</summary>
/// <param name="Cipher">How it protects what goes over it.</param>
/// <param name="RollOver">After which time fresh keys come.</param>
/// <param name="RollOverBytes">After how many bytes, both directions together, fresh keys come.</param>
/// <param name="MaxKeyAge">How long keys are used when no fresh ones can be had. Then the link stops.</param>
/// <param name="PadBytes">How many bytes of pad to keep for each direction.</param>
internal sealed record LinkSettings(LinkCipher Cipher, TimeSpan RollOver, long RollOverBytes, TimeSpan MaxKeyAge, long PadBytes);
