using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Protocol.KeyDelivery;

/// <summary>The body of every answer of a KME that is not 200 (ETSI GS QKD 014 clause 6.5, "Error").</summary>
public sealed record KeyDeliveryError
{
    /// <summary>What is wrong, for a person to read.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>
    /// More about it. The standard has name and value objects here, a test suite in use wants strings: leave it out where possible,
    /// and accept either.
    /// </summary>
    [JsonPropertyName("details")]
    public IReadOnlyList<JsonElement>? Details { get; init; }
}
