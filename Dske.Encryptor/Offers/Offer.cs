using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>What an initiator sends to its peer: which keys to get, and proofs that it holds them. Nothing in it is secret.</summary>
internal sealed record Offer
{
    /// <summary>The most keys of one offer.</summary>
    public const int MaxKeys = 128;

    [JsonPropertyName("initiator")]
    [Description("The SAE ID of the encryptor that offers the keys.")]
    public required string Initiator { get; init; }

    [JsonPropertyName("sink")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The key sink at both ends that the key is for, a DNS label; the offer has one key then. Left out for keys that are for nothing in particular.")]
    public string? Sink { get; init; }

    [JsonPropertyName("keys")]
    [Description("1 to 128 keys with different IDs.")]
    public required IReadOnlyList<OfferedKey> Keys { get; init; }
}
