using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>One key of an <see cref="Offer"/>.</summary>
internal sealed record OfferedKey
{
    [JsonPropertyName("key_ID")]
    [Description("The key's ID, by which the responder gets it from its own KME.")]
    public required Guid KeyId { get; init; }

    [JsonPropertyName("proof")]
    [Description("The initiator's proof that it holds the key: 32 bytes, base64.")]
    public required byte[] Proof { get; init; }
}
