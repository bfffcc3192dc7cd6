using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>An error answer as the reference implementation words it.</summary>
public sealed record ReferenceErrorAnswer
{
    /// <summary>One sentence for people.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>Always null: the sentence says it all.</summary>
    [JsonPropertyName("details")]
    public string? Details { get; init; }
}
