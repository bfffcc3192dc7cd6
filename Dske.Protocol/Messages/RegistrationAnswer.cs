using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Answer to PUT registration (guide, "Client registration").</summary>
public sealed record RegistrationAnswer
{
    /// <summary>The name of the hub.</summary>
    [JsonPropertyName("hub_name")]
    public required string HubName { get; init; }
}
