using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>What a responder answers once it found the initiator's proofs right: its own.</summary>
internal sealed record OfferAnswer
{
    [JsonPropertyName("keys")]
    [Description("The keys of the offer, in its order.")]
    public required IReadOnlyList<ConfirmedKey> Keys { get; init; }
}
