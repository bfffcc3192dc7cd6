using System.Text.Json.Serialization;

namespace Dske.Protocol.Messages;

/// <summary>Answer to PUT registration (guide, "Client registration").</summary>
public sealed record RegistrationAnswer
{
    /// <summary>The name of the hub.</summary>
    [JsonPropertyName("hub_name")]
    public required string HubName { get; init; }

    /// <summary>On a native link: where the hub is with the blocks of the link.</summary>
    [JsonPropertyName("link")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LinkStatement? Link { get; init; }
}
