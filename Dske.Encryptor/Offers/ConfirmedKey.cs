using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>One key of an <see cref="OfferAnswer"/>.</summary>
internal sealed record ConfirmedKey
{
    [JsonPropertyName("key_ID")]
    [Description("The key's ID.")]
    public required Guid KeyId { get; init; }

    [JsonPropertyName("proof")]
    [Description("The responder's proof that it holds the key: 32 bytes, base64.")]
    public required byte[] Proof { get; init; }

    [JsonPropertyName("fingerprint")]
    [Description("Eight hexadecimal digits, equal at both ends.")]
    public required string Fingerprint { get; init; }
}
