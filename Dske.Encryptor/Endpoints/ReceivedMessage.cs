using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Dske.Encryptor.Endpoints;

/// <summary>A message that came from a peer.</summary>
internal sealed record ReceivedMessage
{
    [JsonPropertyName("from")]
    [Description("The peer's SAE ID.")]
    public required string From { get; init; }

    [JsonPropertyName("text")]
    [Description("What it says.")]
    public required string Text { get; init; }

    [JsonPropertyName("received_at")]
    [Description("When it was complete.")]
    public required DateTimeOffset ReceivedAt { get; init; }
}
