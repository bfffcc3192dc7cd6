using System.Text.Json.Serialization;

namespace Dske.Protocol.Skip;

/// <summary>The body of every answer of a SKIP route that is not 200. The draft defines none; this one is like that of ETSI GS QKD 014.</summary>
public sealed record SkipError
{
    /// <summary>What is wrong, for a person to read.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
