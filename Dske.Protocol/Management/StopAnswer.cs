using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>Answer to a stop request: the node ends once this was sent.</summary>
public sealed record StopAnswer
{
    /// <summary>The name of the node that stops.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Always true.</summary>
    [JsonPropertyName("stopping")]
    public bool Stopping { get; init; } = true;
}
