using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.KeyDelivery;

/// <summary>One key of a <see cref="KeyIdsRequest"/>: an object, not a bare string.</summary>
public sealed record RequestedKeyId
{
    /// <summary>The key's ID, a UUID of the form 8-4-4-4-12.</summary>
    [JsonPropertyName("key_ID")]
    public required Guid KeyId { get; init; }

    /// <summary>Reserved by the standard; ignored.</summary>
    [JsonPropertyName("key_ID_extension")]
    public JsonElement? Extension { get; init; }
}
