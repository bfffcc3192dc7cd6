using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Problem details of an error answer (RFC 9457), as hubs send them in the guide's dialect and on native links.</summary>
public sealed record ErrorAnswer
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The stable type, for instance <c>urn:dske:error:psrd-already-used</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>One sentence for people.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>On a native link: the bytes left in the hub-owned pool, as the hub sees it.</summary>
    [JsonPropertyName("psrd_available")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PsrdAvailable { get; init; }

    /// <summary>On a native link, with <c>out-of-psrd</c>: the bytes that the answer would have taken from the hub-owned pool.</summary>
    [JsonPropertyName("psrd_needed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PsrdNeeded { get; init; }
}
