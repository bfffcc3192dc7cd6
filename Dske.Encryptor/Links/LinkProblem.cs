using System.Text.Json.Serialization;

namespace Dske.Encryptor.Links;

/// <summary>What is read of the problem details with which a peer refuses; the rest is skipped.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record LinkProblem
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    [JsonPropertyName("instance_ID")]
    public string? Instance { get; init; }
}
