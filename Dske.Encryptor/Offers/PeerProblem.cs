using System.Text.Json.Serialization;

namespace Dske.Encryptor.Offers;

/// <summary>What is read of a peer's problem details; the rest is skipped.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record PeerProblem
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("detail")]
    public string? Detail { get; init; }
}
