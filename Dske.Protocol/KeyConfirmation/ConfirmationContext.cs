using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyConfirmation;

/// <summary>What a proof is bound to besides the key: which key it is, between whom, and what for.</summary>
/// <param name="KeyId">The key's ID.</param>
/// <param name="Initiator">The encryptor that got the key first.</param>
/// <param name="Responder">The encryptor that gets the key by its ID.</param>
public sealed record ConfirmationContext(Guid KeyId, SaeId Initiator, SaeId Responder)
{
    /// <summary>The greatest length of a purpose, in UTF-16 code units.</summary>
    public const int MaxPurposeLength = 255;

    /// <summary>What the key is for, 1 to <see cref="MaxPurposeLength"/> characters; null for a key without a purpose, the default.</summary>
    /// <exception cref="ArgumentException">The purpose is empty or longer.</exception>
    public string? Purpose
    {
        get;
        init => field = value is null or { Length: >= 1 and <= MaxPurposeLength }
            ? value
            : throw new ArgumentException($"A purpose has 1 to {MaxPurposeLength} characters.", nameof(value));
    }
}
