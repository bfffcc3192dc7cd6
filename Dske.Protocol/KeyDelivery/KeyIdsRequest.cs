using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.KeyDelivery;

/// <summary>What an SAE asks for with Get key with key IDs (ETSI GS QKD 014 clause 6.4, "Key IDs").</summary>
public sealed record KeyIdsRequest
{
    /// <summary>The keys to deliver, in the order of the answer.</summary>
    [JsonPropertyName("key_IDs")]
    public required IReadOnlyList<RequestedKeyId> KeyIds { get; init; }

    /// <summary>Reserved by the standard; ignored.</summary>
    [JsonPropertyName("key_IDs_extension")]
    public JsonElement? Extension { get; init; }
}
