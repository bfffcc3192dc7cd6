using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Answer to POST key-share on a native link. (The guide's answer is empty, the reference's is <c>null</c>.)</summary>
public sealed record PostKeyShareAnswer
{
    /// <summary>The bytes left in the hub-owned pool, as the hub sees it.</summary>
    [JsonPropertyName("psrd_available")]
    public required long PsrdAvailable { get; init; }
}
